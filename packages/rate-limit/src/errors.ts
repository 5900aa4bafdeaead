import type { QueuePlace } from './limiter-options.js';

/**
 * - `LIMIT_CIRCUIT_OPEN`: the upstream keeps failing and is left alone for a while.
 * - `LIMIT_CLOSED`: the limiter was closed.
 * - `LIMIT_QUEUE_FULL`: too many callers are already waiting for this key.
 * - `LIMIT_RETRY_AFTER_TOO_LONG`: the server asked for a longer pause than the caller accepts.
 * - `LIMIT_SHED`: a more urgent caller took this one's place in a full queue.
 * - `LIMIT_TOO_LARGE`: the request is larger than the limit itself, so waiting cannot help.
 * - `LIMIT_WAIT_TOO_LONG`: the turn comes, or came, later than the caller is willing to wait.
 */
export type LimitErrorCode =
  | 'LIMIT_CIRCUIT_OPEN'
  | 'LIMIT_CLOSED'
  | 'LIMIT_QUEUE_FULL'
  | 'LIMIT_RETRY_AFTER_TOO_LONG'
  | 'LIMIT_SHED'
  | 'LIMIT_TOO_LARGE'
  | 'LIMIT_WAIT_TOO_LONG';

export interface LimitErrorOptions {
  /** What to do next. */
  readonly hint: string;
  readonly retryable: boolean;
  /** Milliseconds after which the same request has a fair chance. */
  readonly retryAfterMs?: number;
  /** Where the caller stood in the queue, or would have. */
  readonly place?: QueuePlace;
  readonly cause?: unknown;
}

// Registered globally, so that errors of another copy of this package are recognised too.
const brand: symbol = Symbol.for('@ai-toolkit/rate-limit/LimitError');

/** The only error that this package throws, apart from `TypeError` and `RangeError` for misuse. */
export class LimitError extends Error {
  override readonly name = 'LimitError';
  readonly code: LimitErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** For refusals by the queue: where the caller stood, or would have, and how long its turn would have taken. */
  readonly place?: QueuePlace;

  constructor(code: LimitErrorCode, message: string, options: LimitErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = Math.max(0, Math.ceil(options.retryAfterMs));
    if (options.place !== undefined) this.place = options.place;
    Object.defineProperty(this, brand, { value: true });
  }

  static isInstance(value: unknown): value is LimitError {
    return typeof value === 'object' && value !== null && Reflect.get(value, brand) === true;
  }
}
