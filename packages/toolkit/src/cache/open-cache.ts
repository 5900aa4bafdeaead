import type { Entry } from '@ai-toolkit/ai-client';
import type { Cache } from '@ai-toolkit/core-cache';
import type { Paths } from '../config/paths.js';
import type { Config } from '../config/schema.js';

/** Opens the response cache, with the tiers that are configured: memory, disk and Redis. */
export async function openCache(config: Config, paths: Pick<Paths, 'cache'>): Promise<Cache<Entry>> {
  const [{ createCache }, { entryCodec, tenantTag }] = await Promise.all([
    import('@ai-toolkit/core-cache'),
    import('@ai-toolkit/ai-client'),
  ]);
  const { enabled, memoryBytes, diskBytes, ttlMs } = config.cache;
  if (!enabled)
    return createCache<Entry>({ namespace: 'answers', ttlMs: 0, memory: { maxBytes: memoryBytes } });
  return createCache({
    namespace: 'answers',
    ttlMs,
    memory: { maxBytes: memoryBytes },
    disk: { path: paths.cache, maxBytes: diskBytes },
    codec: entryCodec,
    // No tenant's entries evict those of another.
    ownerTag: tenantTag,
    ...(config.redis.url === undefined ? {} : { shared: { url: config.redis.url } }),
  });
}
