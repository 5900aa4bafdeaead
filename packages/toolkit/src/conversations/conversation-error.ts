/** Error codes of conversations; `docs/errors.md` explains each and what to do. */
export type ConversationErrorCode = 'CHAT_CONFLICT' | 'CHAT_DAMAGED' | 'CHAT_NOT_FOUND' | 'CHAT_UNWRITABLE';

const brand: symbol = Symbol.for('@ai-toolkit/toolkit/ConversationError');

/** A conversation cannot be read, found or stored. */
export class ConversationError extends Error {
  override readonly name = 'ConversationError';
  readonly code: ConversationErrorCode;
  readonly hint: string;
  readonly retryable = false;

  constructor(code: ConversationErrorCode, message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for a `ConversationError` of any copy of this package. */
  static isInstance(value: unknown): value is ConversationError {
    return typeof value === 'object' && value !== null && brand in value;
  }
}
