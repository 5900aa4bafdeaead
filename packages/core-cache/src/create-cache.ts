import type { Cache } from './cache.js';
import { CacheCore } from './cache-core.js';
import { type CacheOptions, resolveOptions } from './cache-options.js';
import { acquireDiskStore } from './disk/disk-stores.js';
import { RedisStore } from './redis/redis-store.js';

/**
 * A cache of up to three tiers: memory, disk, and a shared store. Returns at once; tiers open on first use. Throws `TypeError` or
 * `RangeError` for invalid options, but never because a tier does not work.
 */
export function createCache<V = unknown>(options: CacheOptions<V> = {}): Cache<V> {
  const resolved = resolveOptions(options);
  const { disk, shared, clock, random, ownerTag } = resolved;
  const stores = [];
  if (disk !== undefined) stores.push(acquireDiskStore({ ...disk, clock, ownerTag }));
  if (shared !== undefined) {
    stores.push('open' in shared ? shared : new RedisStore({ ...shared, clock, random }));
  }
  return new CacheCore(resolved, stores).view(resolved.namespace);
}
