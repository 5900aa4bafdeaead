import { describe, expect, it } from 'vitest';
import { createCache } from '../src/index.js';
import { createRandom } from './support/create-random.js';
import { drivers } from './support/driver.js';
import { temporaryDirectory } from './support/temporary-directory.js';

const VALUE = 'x'.repeat(3000);

describe('eviction from memory', () => {
  it('keeps within its bounds of entries and of bytes', async () => {
    await using byEntries = createCache<string>({ memory: { maxEntries: 100 } });
    await using byBytes = createCache<string>({ memory: { maxBytes: 100_000 } });
    for (let index = 0; index < 1000; index += 1) {
      await byEntries.set(`key ${index}`, 'v');
      await byBytes.set(`key ${index}`, VALUE);
    }
    expect(byEntries.stats().tiers[0]).toMatchObject({ entries: 100, evictions: 900 });
    const [tier] = byBytes.stats().tiers;
    expect(tier?.bytes).toBeLessThanOrEqual(100_000);
    expect(tier?.bytes).toBeGreaterThan(90_000);
  });

  it('refuses what is larger than all of it, and forgets the older value of that key', async () => {
    await using cache = createCache<string>({ memory: { maxBytes: 1000 } });
    await cache.set('k', 'small');
    await cache.set('k', 'x'.repeat(2000));
    expect(await cache.get('k')).toBeUndefined();
    expect(cache.stats().tiers[0]).toMatchObject({ entries: 0, bytes: 0 });
  });

  it('gives the room of a cleared namespace back', async () => {
    await using cache = createCache<string>({ memory: { maxEntries: 1000 } });
    for (let index = 0; index < 500; index += 1) await cache.set(`key ${index}`, VALUE);
    await cache.clear();
    expect(cache.stats().tiers[0]).toMatchObject({ entries: 0, bytes: 0 });
    for (let index = 0; index < 1000; index += 1) await cache.set(`new ${index}`, VALUE);
    expect(cache.stats().tiers[0]).toMatchObject({ entries: 1000, evictions: 0 });
  });

  it('keeps what is hot through a scan ten times its size', async () => {
    await using cache = createCache<number>({ memory: { maxEntries: 1000 } });
    const hot = Array.from({ length: 500 }, (_, index) => `hot ${index}`);
    for (let round = 0; round < 3; round += 1) {
      for (const [index, key] of hot.entries()) await cache.getOrSet(key, () => index);
    }
    for (let index = 0; index < 10_000; index += 1) await cache.getOrSet(`scan ${index}`, () => index);
    const kept = hot.filter((key) => cache.peek(key)?.status === 'hit');
    expect(kept.length).toBeGreaterThanOrEqual(475);
  });

  it('lets new favourites in', async () => {
    await using cache = createCache<number>({ memory: { maxEntries: 100 } });
    const random = createRandom(1);
    const favour = async (name: string) => {
      for (let index = 0; index < 5000; index += 1) {
        await cache.getOrSet(`${name} ${Math.floor(random() * 80)}`, () => index);
      }
    };
    await favour('old');
    await favour('new');
    const kept = Array.from({ length: 80 }, (_, index) => cache.peek(`new ${index}`)).filter(
      (found) => found?.status === 'hit',
    );
    expect(kept.length).toBeGreaterThanOrEqual(72);
  });
});

describe.each(drivers)('eviction from disk (%s)', (driver) => {
  it('keeps within its bound and keeps what is used through a scan', async () => {
    const path = await temporaryDirectory();
    const maxBytes = 2 * 2 ** 20;
    await using cache = createCache<string>({ disk: { path, maxBytes, driver }, memory: false });
    const hot = Array.from({ length: 100 }, (_, index) => `hot ${index}`);
    for (const key of hot) await cache.set(key, VALUE);
    for (let block = 0; block < 30; block += 1) {
      for (const key of hot) await cache.get(key);
      const scan = Array.from({ length: 100 }, (_, index) => `scan ${block * 100 + index}`);
      await Promise.all(scan.map((key) => cache.set(key, VALUE)));
    }
    await cache.flush();
    const kept = await Promise.all(hot.map((key) => cache.get(key)));
    expect(kept.filter((value) => value === VALUE).length).toBeGreaterThanOrEqual(95);
    const [disk] = cache.stats().tiers;
    expect(disk?.bytes).toBeLessThanOrEqual(maxBytes);
    expect(disk?.evictions).toBeGreaterThan(1000);
  });

  it('keeps what is hot in memory, though its hits never reach the disk', async () => {
    const path = await temporaryDirectory();
    const disk = { path, maxBytes: 2 * 2 ** 20, driver };
    const cache = createCache<string>({ disk });
    await cache.set('hot', VALUE);
    for (let index = 0; index < 3000; index += 1) {
      await cache.get('hot');
      await cache.set(`scan ${index}`, VALUE);
    }
    await cache.close();
    await using again = createCache<string>({ disk });
    expect(await again.get('hot')).toBe(VALUE);
  });

  it('drops expired entries little by little, without being asked for them', async () => {
    let time = Date.UTC(2030, 0, 1);
    const path = await temporaryDirectory();
    await using cache = createCache<string>({
      disk: { path, driver },
      memory: false,
      clock: { now: () => time },
    });
    const keys = Array.from({ length: 200 }, (_, index) => `short ${index}`);
    await Promise.all(keys.map((key) => cache.set(key, VALUE, { ttlMs: 1000 })));
    time += 1000;
    for (let index = 0; index < 120; index += 1) await cache.set(`long ${index}`, VALUE);
    expect(cache.stats().tiers[0]).toMatchObject({ entries: 120, evictions: 0 });
  });
});

describe('eviction where entries have owners', () => {
  const ownerTag = 'tenant:';
  const of = (tenant: string) => ({ tags: [`tenant:${tenant}`] });

  it('from memory: who floods it pushes out nothing of who has no more than their part', async () => {
    await using cache = createCache<string>({ ownerTag, memory: { maxEntries: 300 } });
    for (let index = 0; index < 100; index += 1) await cache.set(`a ${index}`, 'v', of('a'));
    // Asked again and again, so that the policy takes each for worth keeping.
    for (let index = 0; index < 5000; index += 1) {
      await cache.set(`b ${index}`, 'v', of('b'));
      await cache.get(`b ${index}`);
    }
    for (let index = 0; index < 100; index += 1) expect(cache.peek(`a ${index}`)?.status).toBe('hit');
    expect(cache.stats().tiers[0]).toMatchObject({ entries: 300 });
  });

  it('from memory: all of it is there for who is alone, and is given back when another comes', async () => {
    await using cache = createCache<string>({ ownerTag, memory: { maxBytes: 300_000 } });
    const count = async (tenant: string): Promise<number> => {
      let found = 0;
      for await (const { tags } of cache.entries()) if (tags[0] === `tenant:${tenant}`) found += 1;
      return found;
    };
    for (let index = 0; index < 200; index += 1) await cache.set(`a ${index}`, VALUE, of('a'));
    const alone = await count('a');
    expect(alone).toBeGreaterThan(80);
    for (let index = 0; index < 200; index += 1) await cache.set(`b ${index}`, VALUE, of('b'));
    expect(await count('b')).toBeGreaterThan(alone / 2 - 3);
    expect(await count('a')).toBeGreaterThan(alone / 2 - 3);
    await cache.clear({ tag: 'tenant:a' });
    for (let index = 0; index < 400; index += 1) await cache.set(`c ${index}`, VALUE, of('c'));
    expect(await count('a')).toBe(0);
    expect(await count('b')).toBeGreaterThan(alone / 3 - 3);
  });

  it.each(drivers)(
    'from %s: the same, also with another process that wrote the file before',
    async (driver) => {
      const disk = { path: await temporaryDirectory(), maxBytes: 4 * 2 ** 20, driver };
      {
        // Before owners were counted.
        await using older = createCache<string>({ memory: false, disk });
        for (let index = 0; index < 100; index += 1) await older.set(`a ${index}`, VALUE, of('a'));
      }
      await using cache = createCache<string>({ ownerTag, memory: false, disk });
      for (let round = 0; round < 3000; round += 50) {
        const keys = Array.from({ length: 50 }, (_, index) => `b ${round + index}`);
        await Promise.all(keys.map((key) => cache.set(key, VALUE, of('b'))));
        await Promise.all(keys.map((key) => cache.get(key)));
      }
      const [tier] = cache.stats().tiers;
      expect(tier?.evictions).toBeGreaterThan(1000);
      let kept = 0;
      for (let index = 0; index < 100; index += 1)
        if ((await cache.get(`a ${index}`)) !== undefined) kept += 1;
      expect(kept).toBe(100);
    },
  );
});
