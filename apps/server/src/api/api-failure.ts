import { AiError, type Failure, surfaceAdapter } from '@ai-toolkit/ai-client';
import { refusalOf } from '../access/keys-failure.js';

/** Status of each error code of the toolkit that is not an internal error. Keyed by name, since the codes come from several packages. */
const statusOf: Readonly<Record<string, number>> = {
  CACHE_CLOSED: 503,
  CONFIG_NO_MODEL: 409,
  PLAN_BUDGET_EXCEEDED: 402,
  PLAN_BUDGET_UNPRICED: 402,
  PLAN_DEPENDENCY_UNMET: 409,
  PLAN_GRAPH_INVALID: 409,
  PLAN_OUTPUT_EMPTY: 502,
  PLAN_OUTPUT_FILTERED: 502,
  PLAN_OUTPUT_TRUNCATED: 502,
  PLAN_PIPELINE_INVALID: 409,
  PLAN_STAGE_BUSY: 409,
  PLAN_STAGE_UNKNOWN: 404,
  PLAN_TEMPLATE_INVALID: 409,
  PLAN_TEMPLATE_NOT_FOUND: 404,
  PLAN_TEMPLATE_VARIABLE: 409,
  STORE_CONFLICT: 409,
  STORE_LOCKED: 503,
  STORE_LOCK_LOST: 409,
  STORE_NAME_INVALID: 400,
  STORE_PROJECT_AMBIGUOUS: 409,
  STORE_PROJECT_DAMAGED: 409,
  STORE_PROJECT_NOT_FOUND: 404,
  STORE_REVISION_NOT_FOUND: 404,
  STORE_STAGE_BUSY: 409,
  STORE_UNAVAILABLE: 503,
  STORE_UNSUPPORTED: 409,
  STORE_UNWRITABLE: 503,
  USAGE_CALL_NOT_FOUND: 404,
};

/** Translates any error of an API route for the caller. Unknown errors reveal no internals. */
export function apiFailure(error: unknown): Failure {
  // Framework errors carry a status, which takes precedence: the one for an oversized body is a RangeError as well.
  const status = clientErrorStatus(error) ?? (error instanceof RangeError ? 400 : undefined);
  if (status !== undefined && error instanceof Error)
    return { code: 'BAD_REQUEST', status, message: `${error.message}.`, hint: 'Correct the request.' };
  const known = ofToolkit(error);
  if (known !== undefined) return known;
  const { failure } = refusalOf(error, surfaceAdapter('chat'));
  return AiError.isInstance(error) && failure.status < 500 && error.code === 'AI_PROVIDER'
    ? { ...failure, status: 502 }
    : failure;
}

function ofToolkit(error: unknown): Failure | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const status = statusOf[error.code];
  if (status === undefined) return undefined;
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : 'Try again.';
  const retryAfterMs =
    'retryAfterMs' in error && typeof error.retryAfterMs === 'number' ? error.retryAfterMs : undefined;
  return {
    code: error.code,
    status,
    message: error.message,
    hint,
    ...(retryAfterMs === undefined ? (status === 503 ? { retryAfterMs: 1000 } : {}) : { retryAfterMs }),
  };
}

/** Status of a client error found by the framework, such as an invalid query or an oversized body. */
function clientErrorStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
