import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { expect, it } from 'vitest';
import { type Cache, createCache } from '../../src/index.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** A machine: memory, a disk of its own unless it shares one, and the Redis of all. */
async function createMachine(redis: TestRedis, path?: string, memory?: false): Promise<Cache<string>> {
  const cache = createCache<string>({
    ...(memory === false ? { memory } : {}),
    disk: { path: path ?? (await temporaryDirectory()) },
    shared: { url: redis.url, connectTimeoutMs: 5000, commandTimeoutMs: 5000 },
  });
  await cache.ready();
  return cache;
}

describeWithRedis('a disk above Redis', () => {
  it.each([undefined, false] as const)(
    'follows what another machine sets and deletes (memory: %s)',
    async (memory) => {
      await using redis = await TestRedis.start();
      await using here = await createMachine(redis);
      await using there = await createMachine(redis, undefined, memory);
      await here.set('k', 'old');
      expect(await there.get('k')).toBe('old');
      await here.set('k', 'new');
      await expect.poll(() => there.get('k')).toBe('new');
      await here.delete('k');
      await expect.poll(() => there.get('k')).toBeUndefined();
    },
  );

  it('follows what another machine clears', async () => {
    await using redis = await TestRedis.start();
    await using here = await createMachine(redis);
    await using there = await createMachine(redis);
    await here.set('tagged', 'a', { tags: ['t'] });
    await here.set('plain', 'b');
    expect([await there.get('tagged'), await there.get('plain')]).toEqual(['a', 'b']);
    await here.clear({ tag: 't' });
    await expect.poll(() => there.get('tagged')).toBeUndefined();
    expect(await there.get('plain')).toBe('b');
    await here.clear();
    await expect.poll(() => there.get('plain')).toBeUndefined();
  });

  it('keeps what a process of the same machine has written to it', async () => {
    await using redis = await TestRedis.start();
    const path = await temporaryDirectory();
    await using one = await createMachine(redis, path);
    await using two = await createMachine(redis, path);
    await two.get('k');
    await one.set('k', 'value');
    await expect.poll(() => two.get('k')).toBe('value');
    await two.flush();
    const disk = two.stats().tiers.find(({ name }) => name === 'disk');
    expect(disk).toMatchObject({ sets: 0, deletes: 0 });
    expect(await two.lookup('k')).toMatchObject({ status: 'hit', value: 'value' });
  });

  it('is not believed any more about what Redis has lost meanwhile', async () => {
    await using redis = await TestRedis.start();
    await using cache = await createMachine(redis, undefined, false);
    await cache.set('k', 'old');
    expect(await cache.lookup('k')).toMatchObject({ tier: 'disk', value: 'old' });
    await redis.kill();
    await redis.restart();
    await expect.poll(() => cache.get('k'), { interval: 20, timeout: 15_000 }).toBeUndefined();
  }, 30_000);
});
