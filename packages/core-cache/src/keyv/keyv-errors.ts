import { CacheError } from '../cache-error.js';

export function failed(cause: unknown): CacheError {
  return new CacheError('CACHE_STORE_FAILED', 'The Keyv store failed', {
    hint: 'See the cause: it is what the Keyv store said.',
    retryable: true,
    cause,
  });
}

export function late(timeoutMs: number): CacheError {
  return new CacheError('CACHE_STORE_UNAVAILABLE', `The Keyv store did not answer within ${timeoutMs} ms`, {
    hint: 'Check its connection, or raise `timeoutMs`.',
    retryable: true,
  });
}

export function damaged(): CacheError {
  return new CacheError('CACHE_ENTRY_CORRUPT', 'An entry in the Keyv store is damaged', {
    hint: 'It was dropped and will be made anew. If this recurs, see who else writes to the Keyv store.',
    retryable: true,
  });
}
