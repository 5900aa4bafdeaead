import { LimitError, type LimitErrorCode, type QueuePlace } from '@ai-toolkit/rate-limit';
import { AiError } from './errors.js';

/** A failed call as reported to its caller, whichever layer it failed in. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** HTTP status. */
  readonly status: number;
  readonly retryAfterMs?: number;
  /** Position in the queue for a provider. */
  readonly place?: QueuePlace;
}

/** Converts any error for the caller. An unknown error becomes `AI_INTERNAL`, which reveals nothing about its cause. */
export function toFailure(error: unknown): Failure {
  if (AiError.isInstance(error)) return describe(error, error.status);
  if (LimitError.isInstance(error)) return describe(error, statusOf(error.code));
  const internal = new AiError('AI_INTERNAL', 'The call failed inside the toolkit.', {
    hint: 'Look for the request id in the log, and report it with the lines around it.',
  });
  return describe(internal, internal.status);
}

/**
 * An exhausted quota is for the caller to wait out (429), but no wait makes a request smaller (413); otherwise the service is unavailable
 * (503).
 */
function statusOf(code: LimitErrorCode): number {
  if (code === 'LIMIT_TOO_LARGE') return 413;
  return code === 'LIMIT_CLOSED' || code === 'LIMIT_CIRCUIT_OPEN' ? 503 : 429;
}

function describe(error: AiError | LimitError, status: number): Failure {
  const { code, message, hint, retryAfterMs } = error;
  const place = LimitError.isInstance(error) ? error.place : undefined;
  return {
    code,
    message,
    hint,
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(place === undefined ? {} : { place }),
  };
}
