import type { Cache, Lookup } from '@ai-toolkit/core-cache';
import type { Entry } from '../entry.js';
import type { StoredAnswer } from '../flight/flight.js';

/** Result of a cache lookup. `expired`: there was an answer, but it is too old or no longer kept. */
export type Looked = StoredAnswer | 'none' | 'expired';

/** Looks in every tier. An expired answer is marked `stale`; one older than `maxAgeMs` is not returned. */
export async function lookUp(cache: Cache<Entry>, key: string, maxAgeMs?: number): Promise<Looked> {
  return judged(await cache.lookup(key), maxAgeMs);
}

/** Result of a synchronous lookup; `undefined` if the other tiers must be asked. */
export type Peeked = Looked | undefined;

export function peek(cache: Cache<Entry>, key: string, maxAgeMs?: number): Peeked {
  const found = cache.peek(key);
  return found && judged(found, maxAgeMs);
}

/** Whether the answer can be served without asking a provider. */
export function isFresh(peeked: Peeked): peeked is StoredAnswer {
  return typeof peeked === 'object' && !peeked.stale;
}

function judged(found: Lookup<Entry>, maxAgeMs: number | undefined): Looked {
  const answer = storedAnswer(found, maxAgeMs);
  if (answer !== undefined) return answer;
  return found.status === 'miss' && found.reason !== 'expired' ? 'none' : 'expired';
}

/** Converts a lookup result; `undefined` if it is not an answer, or too old. */
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
