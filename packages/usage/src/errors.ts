/**
 * - `USAGE_CALL_NOT_FOUND`: the ledger has no row for the call.
 * - `USAGE_LEDGER_CLOSED`: the ledger was used after `close()`.
 * - `USAGE_LEDGER_UNAVAILABLE`: the ledger's file cannot be opened, read or written now; this is retried.
 * - `USAGE_LEDGER_DAMAGED`: the file was not a sound database and was renamed; a new one was started.
 * - `USAGE_LEDGER_NEWER`: a newer version of this package wrote the file; it is left untouched.
 */
export type UsageErrorCode =
  | 'USAGE_CALL_NOT_FOUND'
  | 'USAGE_LEDGER_CLOSED'
  | 'USAGE_LEDGER_UNAVAILABLE'
  | 'USAGE_LEDGER_DAMAGED'
  | 'USAGE_LEDGER_NEWER';

export interface UsageErrorOptions {
  /** What to do next. */
  readonly hint: string;
  /** Whether the same attempt may succeed later. */
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

const brand = Symbol.for('@ai-toolkit/usage/UsageError');

/** The only error class of this package. */
export class UsageError extends Error {
  readonly code: UsageErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;

  constructor(code: UsageErrorCode, message: string, options: UsageErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UsageError';
    Object.defineProperty(this, brand, { value: true });
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
  }

  /** True for an error of this package, even if another copy of the package threw it. */
  static isInstance(value: unknown): value is UsageError {
    return typeof value === 'object' && value !== null && (value as Record<symbol, unknown>)[brand] === true;
  }
}
