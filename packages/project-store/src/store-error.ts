/** Error codes, for programs. The README says what to do about each. */
export type StoreErrorCode =
  | 'STORE_CONFLICT'
  | 'STORE_LOCKED'
  | 'STORE_LOCK_LOST'
  | 'STORE_NAME_INVALID'
  | 'STORE_OUTSIDE_ROOT'
  | 'STORE_PROJECT_AMBIGUOUS'
  | 'STORE_PROJECT_DAMAGED'
  | 'STORE_PROJECT_NOT_FOUND'
  | 'STORE_REVISION_NOT_FOUND'
  | 'STORE_STAGE_BUSY'
  | 'STORE_UNAVAILABLE'
  | 'STORE_UNREADABLE'
  | 'STORE_UNSUPPORTED'
  | 'STORE_UNWRITABLE';

export interface StoreErrorOptions {
  /** What the reader of the message should do next. */
  readonly hint: string;
  /** Whether the same call may succeed later without any change. Default: false. */
  readonly retryable?: boolean;
  /** Delay before a retry makes sense, ms. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

const brand = Symbol.for('@ai-toolkit/project-store/StoreError');

/** Every failure of the store except misuse, which throws a `TypeError` or `RangeError`. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;

  constructor(code: StoreErrorCode, message: string, options: StoreErrorOptions) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'StoreError';
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for errors of this package, including those of another installed copy. */
  static isInstance(value: unknown): value is StoreError {
    return value instanceof Error && Reflect.get(value, brand) === true;
  }
}
