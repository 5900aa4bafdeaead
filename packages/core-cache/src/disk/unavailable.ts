import { CacheError } from '../cache-error.js';

/** The error of a disk store that cannot be opened. */
export function unavailable(message: string, hint: string, cause?: unknown): CacheError {
  return new CacheError('CACHE_STORE_UNAVAILABLE', message, { hint, retryable: true, cause });
}
