import type { Failure, SurfaceAdapter } from '@ai-toolkit/ai-client';
import { KeysError, type KeysErrorCode } from '@ai-toolkit/gateway-keys';
import { failureOf } from '../gateway/failure-of.js';

const statusOf: Readonly<Record<KeysErrorCode, number>> = {
  KEYS_AMBIGUOUS: 409,
  KEYS_BUDGET_EXHAUSTED: 429,
  KEYS_BUDGET_UNPRICED: 403,
  KEYS_CLOSED: 503,
  KEYS_FORBIDDEN: 403,
  // Not 404 as for an unknown model, which would send people looking for a misspelt name. Models that do not exist get the same
  // answer, so it does not reveal which ones do.
  KEYS_MODEL_FORBIDDEN: 403,
  KEYS_NEWER: 503,
  KEYS_NOT_FOUND: 404,
  KEYS_RATE_LIMITED: 429,
  KEYS_REJECTED: 401,
  KEYS_UNAVAILABLE: 503,
};

/** A refusal with its response headers. */
export interface Refusal {
  readonly failure: Failure;
  readonly headers: Readonly<Record<string, string>>;
}

/** Translates any error for the caller. Details of a broken key file are withheld: they concern only the operator. */
export function refusalOf(error: unknown, adapter: SurfaceAdapter): Refusal {
  if (!KeysError.isInstance(error)) return { failure: failureOf(error), headers: {} };
  const { code, message, hint, retryAfterMs, place } = error;
  const status = statusOf[code];
  const failure = {
    code,
    message,
    hint,
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(place === undefined ? {} : { place }),
  };
  if (status === 401) return { failure, headers: { 'www-authenticate': 'Bearer' } };
  if (status === 503) {
    const said = {
      message: 'Keys cannot be checked now.',
      hint: 'Try again in a moment.',
      retryAfterMs: 1000,
    };
    return { failure: { ...failure, ...said }, headers: {} };
  }
  if (code !== 'KEYS_BUDGET_EXHAUSTED') return { failure, headers: {} };
  return { failure: { ...failure, ...exhaustedAs(adapter) }, headers: { 'x-should-retry': 'false' } };
}

/**
 * Exhausted credit in the form the clients of each API know: 402 for Anthropic, 429 with this code for OpenAI. A retry would be
 * pointless, so the caller sends `x-should-retry: false`, which both SDKs honour.
 */
function exhaustedAs({ surface }: SurfaceAdapter): Partial<Failure> {
  return surface === 'messages' ? { status: 402 } : { code: 'insufficient_quota' };
}
