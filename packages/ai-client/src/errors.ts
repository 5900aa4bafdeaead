/** Every error code of this package; `docs/errors.md` gives meanings and remedies. */
export type AiErrorCode =
  | 'AI_CASSETTES_UNAVAILABLE'
  | 'AI_CASSETTE_INVALID'
  | 'AI_CLOSED'
  | 'AI_INTERNAL'
  | 'AI_NOT_CACHED'
  | 'AI_NO_PROVIDER'
  | 'AI_OUTPUT_INVALID'
  | 'AI_PROVIDER'
  | 'AI_READER_TOO_SLOW'
  | 'AI_REQUEST_INVALID'
  | 'AI_RESPONSE_INVALID'
  | 'AI_RESPONSE_TOO_LARGE'
  | 'AI_STREAM_GONE'
  | 'AI_STREAM_INCOMPLETE'
  | 'AI_SURFACE_UNSUPPORTED'
  | 'AI_TIMEOUT'
  | 'AI_UNREACHABLE';

/** HTTP status that a server returns for each code, unless the provider's own status is known. */
const statusOf: Readonly<Record<AiErrorCode, number>> = {
  AI_CASSETTES_UNAVAILABLE: 500,
  AI_CASSETTE_INVALID: 500,
  AI_CLOSED: 503,
  AI_INTERNAL: 500,
  AI_REQUEST_INVALID: 400,
  AI_NO_PROVIDER: 404,
  AI_SURFACE_UNSUPPORTED: 400,
  AI_NOT_CACHED: 504,
  AI_UNREACHABLE: 502,
  AI_TIMEOUT: 504,
  AI_STREAM_GONE: 410,
  AI_STREAM_INCOMPLETE: 502,
  AI_OUTPUT_INVALID: 502,
  AI_RESPONSE_INVALID: 502,
  AI_RESPONSE_TOO_LARGE: 502,
  AI_READER_TOO_SLOW: 500,
  AI_PROVIDER: 502,
};

const brand: symbol = Symbol.for('@ai-toolkit/ai-client/AiError');

export interface AiErrorOptions {
  /** What the reader should do next. */
  readonly hint: string;
  /** Whether the same call may succeed later. Default false. */
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  /** HTTP status. Default: the status of the code. */
  readonly status?: number;
  /** The model's output, if that is the problem. */
  readonly output?: string;
  readonly cause?: unknown;
}

/** The only error class of this package. An aborted call throws its signal's reason instead. */
export class AiError extends Error {
  readonly code: AiErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** HTTP status: the provider's if it answered, otherwise the status of the code. */
  readonly status: number;
  /** The model's output, if that is the problem: the raw text of an answer that is not in the requested form. */
  readonly output?: string;

  constructor(code: AiErrorCode, message: string, options: AiErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AiError';
    this.code = code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.status = options.status ?? statusOf[code];
    if (options.output !== undefined) this.output = options.output;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for an `AiError` of any copy of this package. */
  static isInstance(value: unknown): value is AiError {
    return typeof value === 'object' && value !== null && brand in value;
  }
}
