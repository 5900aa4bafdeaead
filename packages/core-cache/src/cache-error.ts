/** Every code a {@link CacheError} can carry. */
export type CacheErrorCode =
  | 'CACHE_CLOSED'
  | 'CACHE_STORE_UNAVAILABLE'
  | 'CACHE_STORE_FULL'
  | 'CACHE_STORE_FAILED'
  | 'CACHE_ENTRY_CORRUPT'
  | 'CACHE_BACKLOG_FULL';

export interface CacheErrorOptions {
  readonly hint: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

const brand: unique symbol = Symbol.for('@ai-toolkit/core-cache/CacheError') as never;

/** The only error class of this package. Misuse throws a `TypeError` or a `RangeError` instead. */
export class CacheError extends Error {
  override readonly name = 'CacheError';
  readonly code: CacheErrorCode;
  /** What to do next, in a sentence. */
  readonly hint: string;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  readonly retryAfterMs?: number;

  constructor(code: CacheErrorCode, message: string, options: CacheErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for a `CacheError` of any copy of this package in the process. */
  static isInstance(value: unknown): value is CacheError {
    return typeof value === 'object' && value !== null && brand in value;
  }
}

/** The message and its cause in one line, for operators. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
