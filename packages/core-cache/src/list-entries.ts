import type { EntriesOptions } from './cache.js';
import type { CacheCore } from './cache-core.js';
import type { EntrySummary } from './cache-types.js';
import { checkNames, show } from './check.js';
import type { StoreSummary } from './store.js';

interface Listing {
  readonly name: string;
  entries(namespace: string): AsyncIterable<StoreSummary>;
}

/** Entries of all tiers, each key once. Memory comes last: a lookup tells at once whether it has an entry as well. */
export async function* listEntries<V>(
  core: CacheCore<V>,
  namespace: string,
  options: EntriesOptions,
): AsyncIterable<EntrySummary> {
  checkNames('entries', options, { limit: true, includeStale: true });
  const { limit = Number.POSITIVE_INFINITY, includeStale = false } = options;
  if (typeof limit !== 'number') throw new TypeError(`limit must be a number, got ${show(limit)}`);
  if (!(limit >= 0)) throw new RangeError(`limit must not be negative, got ${String(limit)}`);
  const { memory, tiers, options: resolved } = core;
  const listings: Listing[] = memory === undefined ? [...tiers] : [...tiers, memory];
  const inMemory = memory?.space(namespace).nodes;
  const seen = listings.length > 1 ? new Set<string>() : undefined;
  let left = limit;
  for (const listing of listings) {
    for await (const { key, size, createdAt, expiresAt, retainUntil, negative, tags } of listing.entries(
      namespace,
    )) {
      if (left <= 0) return;
      if (seen?.has(key)) continue;
      const now = resolved.clock.now();
      if (now >= (includeStale ? retainUntil : expiresAt)) continue;
      seen?.add(key);
      left -= 1;
      const isAlsoInMemory = listing !== memory && inMemory?.has(key);
      const names = isAlsoInMemory ? ['memory', listing.name] : [listing.name];
      yield { namespace, key, size, createdAt, expiresAt, negative, tags, tiers: names };
    }
  }
}
