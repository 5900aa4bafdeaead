import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { RedisBus } from '../../src/redis/redis-bus.js';
import { dialRedis } from '../../src/redis/redis-dial.js';
import { RedisKeys } from '../../src/redis/redis-keys.js';
import { resolveRedis } from '../../src/redis/redis-options.js';
import { RedisStore } from '../../src/redis/redis-store.js';

/** Longer than a test may take: who is woken was not woken by this. */
const NEVER_MS = 600_000;

async function openBoth(redis: TestRedis): Promise<{ bus: RedisBus; store: RedisStore }> {
  const options = resolveRedis({ url: redis.url, connectTimeoutMs: 5000, commandTimeoutMs: 5000 });
  const random = Math.random;
  const store = new RedisStore({ ...options, clock: systemClock, random });
  const dial = () => dialRedis(options, undefined);
  const bus = new RedisBus({ ...options, dial, random, keys: new RedisKeys(options.prefix), writer: 'bus' });
  await Promise.all([store.open(), bus.connect()]);
  return { bus, store };
}

describeWithRedis('who waits for the load of another', () => {
  it('is woken when the lease is released', async () => {
    await using redis = await TestRedis.start();
    const { bus, store } = await openBoth(redis);
    await store.lease('a', 'k', 'holder', 60_000);
    const listening = bus.waiters.listen(new RedisKeys('ai-toolkit').lease('a', 'k'));
    await store.release('a', 'k', 'holder');
    await listening.woken(NEVER_MS);
    listening.end();
    expect(bus.waiters.isEmpty).toBe(true);
    await Promise.all([bus.close(), store.close()]);
  });

  it('is woken when the connection that would tell is lost', async () => {
    await using redis = await TestRedis.start();
    const { bus, store } = await openBoth(redis);
    const listening = bus.waiters.listen('any');
    await redis.kill();
    await listening.woken(NEVER_MS);
    listening.end();
    await Promise.all([bus.close(), store.close()]);
  });

  it('does not hear what is not ours', async () => {
    await using redis = await TestRedis.start();
    const { bus, store } = await openBoth(redis);
    for (const text of ['', 'null', '{}', '[1]', '["k","w","a",1]', '["x","w","a","k"]', '["c","w","a",2]']) {
      await redis.command('PUBLISH', '{ai-toolkit}:changes', text);
    }
    // Messages keep their order: with this one all were heard.
    const listening = bus.waiters.listen(new RedisKeys('ai-toolkit').lease('a', 'last'));
    await store.delete('a', 'last');
    await listening.woken(NEVER_MS);
    listening.end();
    expect(bus.log.since(0)).toMatchObject({ keys: [{ namespace: 'a', key: 'last' }], clears: [] });
    await Promise.all([bus.close(), store.close()]);
  });
});
