import type { Lookup } from './cache-types.js';
import type { SearchResult } from './searcher.js';

/** A search result in the form that callers get. */
export function lookupOf<V>(found: SearchResult<V>, now: number): Lookup<V> {
  if (found.status === 'miss') return { status: 'miss', reason: found.reason };
  const { status, entry, value, tier } = found;
  const { createdAt, expiresAt } = entry;
  const facts = { tier, createdAt, expiresAt, ageMs: Math.max(0, now - createdAt) };
  if (!entry.negative) return { status, value, ...facts };
  return status === 'hit' ? { status: 'negative', ...facts } : { status: 'miss', reason: 'expired' };
}
