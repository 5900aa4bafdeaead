import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EvictedKeys } from '../src/evicted-keys.js';
import { createCache } from '../src/index.js';
import { keyHash } from '../src/key-hash.js';
import { drivers } from './support/driver.js';
import { temporaryDirectory } from './support/temporary-directory.js';

describe('EvictedKeys', () => {
  it('remembers a key once, by its namespace', () => {
    const evicted = new EvictedKeys();
    expect(evicted.take(keyHash('a', 'k'))).toBe(false);
    evicted.add(keyHash('a', 'k'));
    expect(evicted.take(keyHash('b', 'k'))).toBe(false);
    expect(evicted.take(keyHash('a', 'k'))).toBe(true);
    expect(evicted.take(keyHash('a', 'k'))).toBe(false);
  });

  it('takes next to nothing for what it has not seen, however much it was given', () => {
    const evicted = new EvictedKeys();
    for (let index = 0; index < 100_000; index++) evicted.add(keyHash('n', `given ${index}`));
    const found = (name: string, from: number): number =>
      Array.from({ length: 5000 }, (_, index) =>
        evicted.take(keyHash('n', `${name} ${from + index}`)),
      ).filter(Boolean).length;
    expect(found('never', 0)).toBeLessThan(5);
    // The last third of a table is there for certain but for those that others of the same slot have pushed out.
    expect(found('given', 95_000)).toBeGreaterThan(4000);
  });
});

describe('evictions', () => {
  it('from memory are counted as returned when they are asked for again, and as unread when nobody had read them', async () => {
    await using cache = createCache<number>({ memory: { maxEntries: 100 } });
    for (let index = 0; index < 50; index++) await cache.set(`used ${index}`, index);
    for (let index = 0; index < 50; index++) await cache.get(`used ${index}`);
    for (let index = 0; index < 150; index++) await cache.set(`scanned ${index}`, index);
    const before = cache.stats().tiers[0];
    expect(before).toMatchObject({ evictions: 100, returned: 0, unread: 100 });
    expect(await cache.get('scanned 0')).toBeUndefined();
    expect(await cache.get('scanned 0')).toBeUndefined();
    expect(await cache.get('never there')).toBeUndefined();
    expect(cache.stats().tiers[0]?.returned).toBe(1);
    expect((await cache.inspect('scanned 1')).status).toBe('miss');
    expect(cache.stats().tiers[0]?.returned).toBe(1);
  });

  it.each(drivers)('from disk are counted likewise (%s)', { timeout: 60_000 }, async (driver) => {
    const path = await temporaryDirectory();
    const value = randomBytes(4000).toString('hex');
    await using cache = createCache<string>({
      memory: false,
      disk: { path, maxBytes: 4 * 2 ** 20, driver },
    });
    for (let index = 0; index < 2000; index++) await cache.set(`key ${index}`, value);
    const written = cache.stats().tiers[0];
    expect(written?.evictions).toBeGreaterThan(500);
    expect(written).toMatchObject({ returned: 0, unread: written?.evictions });
    let missing = 0;
    for (let index = 0; index < 200; index++)
      missing += (await cache.get(`key ${index}`)) === undefined ? 1 : 0;
    expect(missing).toBeGreaterThan(0);
    expect(cache.stats().tiers[0]?.returned).toBeGreaterThanOrEqual(missing * 0.9);
  });
});

describe('misses', () => {
  it('are counted by their reason', async () => {
    let now = 1000;
    await using cache = createCache<string>({
      clock: { now: () => now },
      ttlMs: 100,
      staleIfErrorMs: 100,
    });
    await cache.get('absent');
    await cache.set('k', 'v');
    now += 150;
    expect((await cache.lookup('k')).status).toBe('stale');
    now += 100;
    expect(await cache.lookup('k')).toMatchObject({ status: 'miss', reason: 'expired' });
    expect(cache.stats()).toMatchObject({
      misses: 3,
      missed: { absent: 1, stale: 1, expired: 1, corrupt: 0, unavailable: 0 },
    });
  });
});
