import type { Cache, Lookup } from '@ai-toolkit/core-cache';
import type { Entry } from '../entry.js';
import type { StoredAnswer } from '../flight/flight.js';

/** What the cache says of a key. `expired`: there was an answer, and it is too old, or so old that it was not kept. */
export type Looked = StoredAnswer | 'none' | 'expired';

/** Looks in every tier. What has outlived its time is marked `stale`; an answer older than `maxAgeMs` is none. */
export async function lookUp(cache: Cache<Entry>, key: string, maxAgeMs?: number): Promise<Looked> {
  return judged(await cache.lookup(key), maxAgeMs);
}

/** What can be said at once; `undefined`: ask the other tiers. */
export type Peeked = Looked | undefined;

export function peek(cache: Cache<Entry>, key: string, maxAgeMs?: number): Peeked {
  const found = cache.peek(key);
  return found && judged(found, maxAgeMs);
}

/** Nothing need be asked for it. */
export function isFresh(peeked: Peeked): peeked is StoredAnswer {
  return typeof peeked === 'object' && !peeked.stale;
}

function judged(found: Lookup<Entry>, maxAgeMs: number | undefined): Looked {
  const answer = storedAnswer(found, maxAgeMs);
  if (answer !== undefined) return answer;
  return found.status === 'miss' && found.reason !== 'expired' ? 'none' : 'expired';
}

/** What was found, as an answer; `undefined` when it is none, or too old. */
export function storedAnswer(
  found: Lookup<Entry>,
  maxAgeMs: number = Number.POSITIVE_INFINITY,
): StoredAnswer | undefined {
  if (found.status === 'miss' || found.status === 'negative' || found.ageMs > maxAgeMs) return undefined;
  const left = found.expiresAt - found.createdAt - found.ageMs;
  return {
    entry: found.value,
    stale: found.status === 'stale',
    ageMs: found.ageMs,
    ...(Number.isFinite(left) ? { ttlMs: left } : {}),
  };
}
