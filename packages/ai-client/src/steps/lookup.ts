import type { Cache, Lookup } from '@ai-toolkit/core-cache';
import type { Entry } from '../entry.js';
import type { StoredAnswer } from '../flight/flight.js';

/** Looks in every tier. What has outlived its time is marked `stale`; an answer older than `maxAgeMs` is none. */
export async function lookUp(
  cache: Cache<Entry>,
  key: string,
  maxAgeMs?: number,
): Promise<StoredAnswer | undefined> {
  return storedAnswer(await cache.lookup(key), maxAgeMs);
}

/** What can be said at once; `undefined`: ask the other tiers. */
export type Peeked = StoredAnswer | 'none' | undefined;

export function peek(cache: Cache<Entry>, key: string, maxAgeMs?: number): Peeked {
  const found = cache.peek(key);
  return found && (storedAnswer(found, maxAgeMs) ?? 'none');
}

/** Nothing need be asked for it. */
export function isFresh(peeked: Peeked): peeked is StoredAnswer {
  return typeof peeked === 'object' && !peeked.stale;
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
