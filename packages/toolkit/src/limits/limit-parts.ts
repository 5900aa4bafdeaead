import type { AnyLimiter, Breaker } from '@ai-toolkit/rate-limit';
import type { LimitStore } from '@ai-toolkit/rate-limit/host';
import type { Config } from '../config/schema.js';
import { type Lazy, lazy } from '../lazy.js';
import { present } from '../present.js';

/** The parts that enforce limits. Processes that share a store count together. */
export interface LimitParts {
  /** Limits of providers. */
  readonly limiter: Lazy<AnyLimiter>;
  /** Limits of keys, which are configured rather than learned. */
  readonly keyLimiter: Lazy<AnyLimiter>;
  readonly breaker: Lazy<Breaker>;
  close(): Promise<void>;
}

/** @param shared store for the processes of one machine, if there is no Redis */
export function createLimitParts(config: Config, shared: LimitStore | undefined): LimitParts {
  const limitStore = lazy(async () => {
    if (config.redis.url === undefined) return shared;
    const [{ redisLimitStore }, { createClient }] = await Promise.all([
      import('@ai-toolkit/rate-limit/redis'),
      import('redis'),
    ]);
    return redisLimitStore({ client: createClient({ url: config.redis.url }) });
  });

  const limiter = lazy(async () => {
    const [{ createLimiter }, store] = await Promise.all([import('@ai-toolkit/rate-limit'), limitStore()]);
    const { maxWaitMs, maxQueue, maxCallMs: _ofCalls, ...set } = config.limits;
    const options = { limits: present(set), queue: { maxWaitMs, maxLength: maxQueue } };
    return store === undefined ? createLimiter(options) : createLimiter({ ...options, store });
  });

  const keyLimiter = lazy(async () => {
    const [{ createLimiter }, store] = await Promise.all([import('@ai-toolkit/rate-limit'), limitStore()]);
    const adaptive = false;
    return store === undefined ? createLimiter({ adaptive }) : createLimiter({ adaptive, store });
  });

  return {
    limiter,
    keyLimiter,
    breaker: lazy(async () => (await import('@ai-toolkit/rate-limit')).createBreaker()),
    async close() {
      (await limiter.made())?.close();
      (await keyLimiter.made())?.close();
    },
  };
}
