import type { IncomingMessage } from 'node:http';
import { AiError } from '@ai-toolkit/ai-client';
import { KeysError, type KeysErrorCode } from '@ai-toolkit/gateway-keys';
import type { RefusalReason } from '@ai-toolkit/usage';
import { BodyError } from '../gateway/read-body.js';
import { credentialsOf } from './credentials.js';
import { sessionTokenOf } from './session-cookie.js';

const ofKeys: Readonly<Partial<Record<KeysErrorCode, RefusalReason>>> = {
  KEYS_BUDGET_EXHAUSTED: 'budget',
  KEYS_BUDGET_UNPRICED: 'unpriced',
  KEYS_CLOSED: 'keys_unavailable',
  KEYS_FORBIDDEN: 'key_kind',
  KEYS_MODEL_FORBIDDEN: 'model_forbidden',
  KEYS_NEWER: 'keys_unavailable',
  KEYS_RATE_LIMITED: 'rate_limit',
  KEYS_REJECTED: 'key_rejected',
  KEYS_UNAVAILABLE: 'keys_unavailable',
};

/** Why a request that failed before it became a call is turned away, as the metrics tell it. */
export function refusalReason(error: unknown, request: IncomingMessage): RefusalReason {
  if (error instanceof BodyError) return error.status === 413 ? 'body_too_large' : 'bad_request';
  if (AiError.isInstance(error) && error.code === 'AI_CLOSED') return 'draining';
  if (!KeysError.isInstance(error)) return 'bad_request';
  if (error.code === 'KEYS_REJECTED' && isBare(request)) return 'key_missing';
  return ofKeys[error.code] ?? 'bad_request';
}

/** It brings neither a key nor a session. */
function isBare(request: IncomingMessage): boolean {
  return credentialsOf(request.headers) === undefined && sessionTokenOf(request) === undefined;
}
