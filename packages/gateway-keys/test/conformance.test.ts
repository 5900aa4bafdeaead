import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { redisKeyStore } from '../src/redis/index.js';
import { sqliteKeyStore } from '../src/sqlite/sqlite-key-store.js';
import { keyStoreConformance } from '../src/testing/index.js';
import { createScratch, type Scratch } from './support/scratch.js';

describe('keys in a file', () => {
  const places: Scratch[] = [];
  afterAll(async () => {
    for (const place of places) await place[Symbol.asyncDispose]();
  });

  const cases = keyStoreConformance({
    create: async () => {
      const place = await createScratch();
      places.push(place);
      return () => sqliteKeyStore(place.path);
    },
  });
  for (const { name, run } of cases) it(name, run);
});

let redis: TestRedis;
let places = 0;

describeWithRedis('keys in Redis', () => {
  beforeAll(async () => {
    redis = await TestRedis.start();
  });
  afterAll(() => redis[Symbol.asyncDispose]());

  const cases = keyStoreConformance({
    create: () => {
      places += 1;
      const prefix = `test-${places}`;
      return () => redisKeyStore({ url: redis.url, prefix, timeoutMs: 10_000 });
    },
  });
  for (const { name, run } of cases) it(name, run);
});
