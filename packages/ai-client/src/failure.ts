import { LimitError, type LimitErrorCode, type QueuePlace } from '@ai-toolkit/rate-limit';
import { AiError } from './errors.js';

/** A failed call as its caller is told of it, whichever layer it failed in. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** HTTP status. */
  readonly status: number;
  readonly retryAfterMs?: number;
  /** Where the call would stand, or stood, in the queue for a provider. */
  readonly place?: QueuePlace;
}

/** Puts any error into the words of a caller. An unknown error is ours, and says nothing of its inside. */
export function toFailure(error: unknown): Failure {
  if (AiError.isInstance(error)) return describe(error, error.status);
  if (LimitError.isInstance(error)) return describe(error, statusOf(error.code));
  const internal = new AiError('AI_INTERNAL', 'The call failed inside the toolkit.', {
    hint: 'Look for the request id in the log, and report it with the lines around it.',
  });
  return describe(internal, internal.status);
}

/** A quota that is used up is the caller's to wait for, but no wait makes a request smaller; the rest is a service that is not there. */
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
