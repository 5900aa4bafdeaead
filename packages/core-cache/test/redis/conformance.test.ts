import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { afterAll, beforeAll, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { resolveRedis } from '../../src/redis/redis-options.js';
import { RedisStore } from '../../src/redis/redis-store.js';
import { storeConformance } from '../../src/testing/index.js';

let redis: TestRedis;
let stores = 0;

describeWithRedis('redis store', () => {
  beforeAll(async () => {
    redis = await TestRedis.start();
  });
  afterAll(async () => redis[Symbol.asyncDispose]());

  const cases = storeConformance<Uint8Array>({
    create: () => {
      stores += 1;
      const options = resolveRedis({ url: redis.url, prefix: `test-${stores}`, commandTimeoutMs: 5000 });
      return new RedisStore({ ...options, clock: systemClock, random: Math.random });
    },
    payload: (text) => Buffer.from(text),
    text: (payload) => Buffer.from(payload).toString(),
  });
  for (const { name, run } of cases) it(name, run);
});
