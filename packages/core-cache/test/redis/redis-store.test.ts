import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { createClient } from 'redis';
import { expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { CacheError, type Store, type StoreEntry } from '../../src/index.js';
import { type RedisTierOptions, resolveRedis } from '../../src/redis/redis-options.js';
import { RedisStore } from '../../src/redis/redis-store.js';

const entry = (text: string, part: Partial<StoreEntry<Uint8Array>> = {}): StoreEntry<Uint8Array> => ({
  payload: Buffer.from(text),
  codec: 'test',
  size: text.length,
  createdAt: Date.now(),
  expiresAt: Number.POSITIVE_INFINITY,
  retainUntil: Number.POSITIVE_INFINITY,
  negative: false,
  tags: [],
  ...part,
});

async function openStore(options: RedisTierOptions): Promise<RedisStore> {
  const resolved = resolveRedis({ commandTimeoutMs: 5000, connectTimeoutMs: 5000, ...options });
  const store = new RedisStore({ ...resolved, clock: systemClock, random: Math.random });
  await store.open();
  return store;
}

const textOf = async (store: Store<Uint8Array>, key: string) => {
  const found = await store.get('a', key);
  return found === undefined ? undefined : Buffer.from(found.payload).toString();
};

const keyOf = (key: string) => `{ai-toolkit}:entry:1:a:${key}`;

describeWithRedis('entries in Redis', () => {
  it('end with the time until which they are retained, and after a month at the latest', async () => {
    await using redis = await TestRedis.start();
    const store = await openStore({ url: redis.url });
    await store.set('a', 'short', entry('v', { expiresAt: 0, retainUntil: Date.now() + 60_000 }));
    await store.set('a', 'long', entry('v'));
    const left = await redis.command<number>('PTTL', keyOf('short'));
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(60_000);
    expect(await redis.command<number>('PTTL', keyOf('long'))).toBeLessThanOrEqual(30 * 86_400_000);
    await store.close();
  });

  it('are dropped and counted, never returned, when they are damaged or belong to another key', async () => {
    await using redis = await TestRedis.start();
    const store = await openStore({ url: redis.url });
    const damages: readonly ((key: string) => readonly string[])[] = [
      (key) => ['SETRANGE', key, '60', 'x'],
      (key) => ['APPEND', key, 'more'],
      (key) => ['SETRANGE', key, '9', '\u0007'],
      (key) => ['SETRANGE', key, '8', 'y'],
      (key) => ['COPY', keyOf('other'), key, 'REPLACE'],
    ];
    await store.set('a', 'other', entry('another value'));
    for (const [index, damage] of damages.entries()) {
      const key = `k${index}`;
      await store.set('a', key, entry('some value that is long enough'));
      await redis.command(...damage(keyOf(key)));
      await expect(store.get('a', key)).rejects.toMatchObject({ code: 'CACHE_ENTRY_CORRUPT' });
      expect(await store.get('a', key)).toBeUndefined();
      expect(store.stats().corrupt).toBe(index + 1);
    }
    expect(await textOf(store, 'other')).toBe('another value');
    await store.close();
  });

  it('count for nothing once what was cleared is forgotten, by eviction say', async () => {
    await using redis = await TestRedis.start();
    const store = await openStore({ url: redis.url });
    await store.set('a', 'cleared', entry('v', { tags: ['t'] }));
    await store.clear('a', 't');
    const since = await store.sequence();
    await redis.command('DEL', '{ai-toolkit}:state');
    expect(await textOf(store, 'cleared')).toBeUndefined();
    expect(await store.set('a', 'late', entry('v'), { since })).toBe(false);
    expect(await store.set('a', 'next', entry('v'), { since: await store.sequence() })).toBe(true);
    expect(await textOf(store, 'next')).toBe('v');
    await store.close();
  });

  it('do not come back with a load that began before they were deleted', async () => {
    await using redis = await TestRedis.start();
    const [one, two] = [await openStore({ url: redis.url }), await openStore({ url: redis.url })];
    await one.set('a', 'k', entry('old'));
    const since = await one.sequence();
    expect(await two.delete('a', 'k')).toBe(true);
    expect(await one.set('a', 'k', entry('old'), { since })).toBe(false);
    expect(await textOf(one, 'k')).toBeUndefined();
    await Promise.all([one.close(), two.close()]);
  });

  it('are kept out when they are too large, and take the older value with them', async () => {
    await using redis = await TestRedis.start();
    const store = await openStore({ url: redis.url, maxEntryBytes: 10 });
    expect(await store.set('a', 'k', entry('0123456789'))).toBe(true);
    expect(await store.set('a', 'k', entry('0123456789a'))).toBe(false);
    expect(await textOf(store, 'k')).toBeUndefined();
    await store.close();
  });

  it('leave no more than a bounded list of clears, whatever is cleared', async () => {
    await using redis = await TestRedis.start();
    const store = await openStore({ url: redis.url });
    await store.set('a', 'oldest', entry('v'));
    const manyClears = `local n = redis.call('ZSCORE', KEYS[1], 'n')
      for i = 1, 100000 do redis.call('ZADD', KEYS[1], n + i, 'clear ' .. i) end
      return redis.call('ZADD', KEYS[1], n + 100000, 'n')`;
    await redis.command('EVAL', manyClears, '1', '{ai-toolkit}:state');
    expect(await textOf(store, 'oldest')).toBe('v');
    await store.set('a', 'newer', entry('v', { tags: ['t'] }));
    await store.clear('a', 'one more');
    expect(await redis.command<number>('ZCARD', '{ai-toolkit}:state')).toBe(100_002);
    expect(await textOf(store, 'oldest')).toBeUndefined();
    expect(await textOf(store, 'newer')).toBe('v');
    await store.close();
  }, 60_000);

  it('fail to be written with the reason when Redis is full, and are still read', async () => {
    await using redis = await TestRedis.start();
    const store = await openStore({ url: redis.url });
    await store.set('a', 'k', entry('v'));
    await redis.command('CONFIG', 'SET', 'maxmemory', '1');
    const full = store.set('a', 'l', entry('v'));
    await expect(full).rejects.toSatisfy(CacheError.isInstance);
    await expect(full).rejects.toMatchObject({ code: 'CACHE_STORE_FULL', retryable: true });
    expect(await textOf(store, 'k')).toBe('v');
    await store.close();
  });

  it('are still deleted and cleared when Redis is full', async () => {
    await using redis = await TestRedis.start();
    const store = await openStore({ url: redis.url });
    for (const key of ['k', 'other']) await store.set('a', key, entry('v', { tags: [`tag of ${key}`] }));
    const since = await store.sequence();
    await redis.command('CONFIG', 'SET', 'maxmemory', '1');
    expect(await store.delete('a', 'k')).toBe(true);
    expect(await store.delete('a', 'missing')).toBe(false);
    expect(await textOf(store, 'k')).toBeUndefined();
    await store.clear('a', 'tag of other');
    await store.clear('a', 'tag of other');
    expect(await textOf(store, 'other')).toBeUndefined();
    await redis.command('CONFIG', 'SET', 'maxmemory', '0');
    expect(await store.set('a', 'k', entry('old'), { since })).toBe(false);
    await store.clear('a');
    expect(await store.set('a', 'z', entry('old'), { since })).toBe(false);
    await store.close();
  });
});

describeWithRedis('a connection to Redis', () => {
  it('is made as a client is configured, which stays as it is', async () => {
    await using redis = await TestRedis.start('--requirepass', 'secret');
    const client = createClient({
      url: `redis://:secret@127.0.0.1:${redis.port}/1`,
      keyPrefix: 'theirs:',
      RESP: 2,
    });
    const store = await openStore({ client });
    await store.set('a', 'k', entry('v', { tags: ['t'] }));
    expect(await textOf(store, 'k')).toBe('v');
    expect(client.isOpen).toBe(false);
    await client.connect();
    expect(await client.sendCommand(['EXISTS', keyOf('k')])).toBe(1);
    await store.close();
    expect(client.isReady).toBe(true);
    client.destroy();
  });

  it('says what is wrong when it is refused', async () => {
    await using redis = await TestRedis.start('--requirepass', 'secret');
    const failing = openStore({ url: redis.url });
    await expect(failing).rejects.toMatchObject({
      code: 'CACHE_STORE_UNAVAILABLE',
      cause: expect.any(Error),
    });
  });

  it('keeps to one slot of a cluster, and follows it to the node that has it', async () => {
    await using first = await TestRedis.startNode();
    await using second = await TestRedis.startNode();
    await first.command('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await first.command('CLUSTER', 'MEET', '127.0.0.1', String(second.port), String(second.busPort));
    const isUp = async () => (await second.command<string>('CLUSTER', 'INFO')).includes('cluster_state:ok');
    await expect.poll(isUp, { interval: 50, timeout: 15_000 }).toBe(true);
    const store = await openStore({ url: second.url });
    await store.set('a', 'k', entry('v', { tags: ['t'] }));
    expect(await textOf(store, 'k')).toBe('v');
    expect(await store.lease('a', 'k', 'me', 1000)).toBe(true);
    await store.release('a', 'k', 'me');
    const listed: string[] = [];
    for await (const { key } of store.entries('a')) listed.push(key);
    expect(listed).toEqual(['k']);
    await store.clear('a', 't');
    expect(await textOf(store, 'k')).toBeUndefined();
    await store.close();
  }, 60_000);
});
