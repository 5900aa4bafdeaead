/** Error codes of the configuration; `docs/errors.md` explains each and what to do. */
export type ConfigErrorCode =
  | 'CONFIG_INVALID'
  | 'CONFIG_NOT_FOUND'
  | 'CONFIG_NO_MODEL'
  | 'CONFIG_NO_PROVIDER'
  | 'CONFIG_PROFILE_UNKNOWN'
  | 'CONFIG_SECRET_SHOWN'
  | 'CONFIG_SETTING_UNKNOWN'
  | 'CONFIG_SETTING_UNSET'
  | 'CONFIG_UNREADABLE'
  | 'CONFIG_UNSAFE_HOST'
  | 'CONFIG_UNWRITABLE';

export interface ConfigErrorOptions {
  /** What the reader should do next. */
  readonly hint: string;
  readonly cause?: unknown;
}

const brand: symbol = Symbol.for('@ai-toolkit/toolkit/ConfigError');

/** The configuration cannot be used. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code: ConfigErrorCode;
  readonly hint: string;
  readonly retryable = false;

  constructor(code: ConfigErrorCode, message: string, { hint, cause }: ConfigErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for a `ConfigError` of any copy of this package. */
  static isInstance(value: unknown): value is ConfigError {
    return typeof value === 'object' && value !== null && brand in value;
  }
}
