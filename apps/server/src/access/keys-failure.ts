import type { Failure, SurfaceAdapter } from '@ai-toolkit/ai-client';
import { KeysError, type KeysErrorCode } from '@ai-toolkit/gateway-keys';
import { failureOf } from '../gateway/failure-of.js';

const statusOf: Readonly<Record<KeysErrorCode, number>> = {
  KEYS_AMBIGUOUS: 409,
  KEYS_BUDGET_EXHAUSTED: 429,
  KEYS_BUDGET_UNPRICED: 403,
  KEYS_CLOSED: 503,
  KEYS_FORBIDDEN: 403,
  // Not 404 as for a model that is not there: it sends people to look for a misspelt name. It is the same for a model that is
  // not there, so it tells nothing of what is.
  KEYS_MODEL_FORBIDDEN: 403,
  KEYS_NEWER: 503,
  KEYS_NOT_FOUND: 404,
  KEYS_RATE_LIMITED: 429,
  KEYS_REJECTED: 401,
  KEYS_UNAVAILABLE: 503,
};

/** A refusal as it goes out, with the headers that belong to it. */
export interface Refusal {
  readonly failure: Failure;
  readonly headers: Readonly<Record<string, string>>;
}

/** Puts any error into the words of a route. Of what is wrong with the file of the keys, its holder alone is told. */
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
 * Credit that is used up, as the clients of each API know it: with Anthropic 402, with OpenAI a 429 by this code. Neither may be
 * tried again, which the SDKs of both are told by `x-should-retry`.
 */
function exhaustedAs({ surface }: SurfaceAdapter): Partial<Failure> {
  return surface === 'messages' ? { status: 402 } : { code: 'insufficient_quota' };
}
