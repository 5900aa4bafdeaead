import { CacheError } from '../cache-error.js';

/** First words of replies that mean that the server cannot serve now, though nothing is wrong with the command. */
const PASSING: ReadonlySet<string> = new Set([
  'BUSY',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'MOVED',
  'NOREPLICAS',
  'READONLY',
  'TRYAGAIN',
  'UNBLOCKED',
]);

/**
 * Whether the server has become a replica, as the old master does in a failover that keeps its connections open. Only a new connection
 * leads to the new master. A script that writes reports it inside an error of its own.
 */
export function isFromReplica(error: unknown): boolean {
  return error instanceof Error && /\b(READONLY|MASTERDOWN)\b/.test(error.message);
}

export function redisUnavailable(what: string, cause?: unknown): CacheError {
  return new CacheError('CACHE_STORE_UNAVAILABLE', what, {
    hint: 'The cache goes on without Redis and tries again by itself. Check that Redis runs and can be reached.',
    retryable: true,
    cause,
  });
}

/** Any failure as this package's error. */
export function redisFailure(error: unknown): CacheError {
  if (CacheError.isInstance(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  const [code = ''] = message.split(' ', 1);
  if (code === 'OOM') {
    return new CacheError('CACHE_STORE_FULL', 'Redis has no memory left for a write', {
      hint: 'Raise maxmemory, or set maxmemory-policy to allkeys-lru.',
      retryable: true,
      cause: error,
    });
  }
  // Errors of Redis itself begin with a code in capitals; the client's own are about connections.
  if (!/^[A-Z]{3,}$/.test(code) || PASSING.has(code)) return redisUnavailable('Redis cannot be used', error);
  return new CacheError('CACHE_STORE_FAILED', 'Redis refused a command', {
    hint: 'Redis 6.2 or later is needed, and a user who may run scripts, publish and subscribe under the prefix.',
    retryable: false,
    cause: error,
  });
}
