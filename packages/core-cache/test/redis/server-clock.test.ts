import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { expect, it } from 'vitest';
import { createCache } from '../../src/index.js';
import { ServerClock } from '../../src/redis/server-clock.js';

it('estimates the time of Redis, never too early', async () => {
  const clock = new ServerClock();
  expect(clock.isOld).toBe(true);
  await clock.measure(() => Promise.resolve(['1000', '250']));
  expect(clock.isOld).toBe(false);
  expect(clock.in(0)).toBeGreaterThanOrEqual(1_000_000_250);
  const now = clock.in(0);
  // Less what rounding may take.
  expect(clock.in(5000) - now).toBeGreaterThanOrEqual(4_999_999);
});

describeWithRedis('a command whose caller gave up', () => {
  it('leaves no entry and no lease behind when Redis goes on', async () => {
    await using redis = await TestRedis.start();
    const connectTimeoutMs = 300;
    const shared = { url: redis.url, commandTimeoutMs: 50, connectTimeoutMs };
    await using cache = createCache<string>({ memory: false, shared });
    await cache.ready();
    redis.freeze();
    await cache.set('late', 'value');
    expect(await cache.getOrSet('leased', () => 'loaded')).toBe('loaded');
    // The estimate of the clock of Redis is late by what measuring it took, which is part of connecting.
    await sleep(connectTimeoutMs);
    redis.thaw();
    expect(await redis.command('KEYS', '*:lease:*')).toEqual([]);
    // What marks a deletion has no more than a sequence.
    for (const name of await redis.command<string[]>('KEYS', '*:entry:*')) {
      expect(await redis.command<number>('STRLEN', name)).toBe(8);
    }
  });
});
