import type { QueuePlace } from '@ai-toolkit/rate-limit';

/**
 * - `KEYS_AMBIGUOUS`: several keys have the name.
 * - `KEYS_BUDGET_EXHAUSTED`: the request could cost more than is left of the key's budget.
 * - `KEYS_BUDGET_UNPRICED`: the key has a budget, and the price of the model is unknown.
 * - `KEYS_CLOSED`: the keyring was used after `close()`.
 * - `KEYS_FORBIDDEN`: a key of the other role is needed, `admin` or `gateway`.
 * - `KEYS_MODEL_FORBIDDEN`: the key does not permit this model.
 * - `KEYS_NEWER`: a newer version of this package wrote the file; it is left untouched.
 * - `KEYS_NOT_FOUND`: there is no such key, or it is already revoked.
 * - `KEYS_RATE_LIMITED`: the key's requests or tokens for this minute are used up.
 * - `KEYS_REJECTED`: no key was sent, or it is unknown, expired or revoked.
 * - `KEYS_UNAVAILABLE`: the file or the shared store of the keys cannot be read or written now.
 */
export type KeysErrorCode =
  | 'KEYS_AMBIGUOUS'
  | 'KEYS_BUDGET_EXHAUSTED'
  | 'KEYS_BUDGET_UNPRICED'
  | 'KEYS_CLOSED'
  | 'KEYS_FORBIDDEN'
  | 'KEYS_MODEL_FORBIDDEN'
  | 'KEYS_NEWER'
  | 'KEYS_NOT_FOUND'
  | 'KEYS_RATE_LIMITED'
  | 'KEYS_REJECTED'
  | 'KEYS_UNAVAILABLE';

export interface KeysErrorOptions {
  /** What to do next. */
  readonly hint: string;
  /** Whether the same attempt may succeed later. Default false. */
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  readonly place?: QueuePlace;
  readonly cause?: unknown;
}

const brand: symbol = Symbol.for('@ai-toolkit/gateway-keys/KeysError');

/** The only error class of this package, apart from `TypeError` and `RangeError` for misuse. */
export class KeysError extends Error {
  override readonly name = 'KeysError';
  readonly code: KeysErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** For `KEYS_RATE_LIMITED`: where the request would stand in the queue for its key's limits. */
  readonly place?: QueuePlace;

  constructor(code: KeysErrorCode, message: string, options: KeysErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    if (options.place !== undefined) this.place = options.place;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for an error of this package, even if another copy of the package created it. */
  static isInstance(value: unknown): value is KeysError {
    return typeof value === 'object' && value !== null && Reflect.get(value, brand) === true;
  }
}
