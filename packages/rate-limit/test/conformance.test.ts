import { MessageChannel } from 'node:worker_threads';
import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { createLimitHost, hostLimitStore } from '../src/host/index.js';
import { redisLimitStore } from '../src/redis/index.js';
import { limitStoreConformance } from '../src/testing/index.js';

describe('the store of a host', () => {
  for (const { name, run } of limitStoreConformance({ create: () => createLimitHost().store })) it(name, run);
});

describe('a store over a channel', () => {
  const cases = limitStoreConformance({
    create: () => {
      const { port1, port2 } = new MessageChannel();
      createLimitHost().attach(port1);
      const store = hostLimitStore({ channel: port2, timeoutMs: 10_000 });
      const close = store.close.bind(store);
      store.close = () => {
        port1.close();
        return close();
      };
      return store;
    },
  });
  for (const { name, run } of cases) it(name, run);
});

let redis: TestRedis;
let stores = 0;

describeWithRedis('a store in Redis', () => {
  beforeAll(async () => {
    redis = await TestRedis.start();
  });
  afterAll(() => redis[Symbol.asyncDispose]());

  const cases = limitStoreConformance({
    create: () => {
      stores += 1;
      return redisLimitStore({ url: redis.url, prefix: `test-${stores}`, timeoutMs: 10_000 });
    },
  });
  for (const { name, run } of cases) it(name, run);
});
