import { describe, expect, it } from 'vitest';
import { type CacheOptions, createCache, structuredCodec } from '../src/index.js';
import { drivers } from './support/driver.js';
import { FakeClock } from './support/fake-clock.js';
import { temporaryDirectory } from './support/temporary-directory.js';

const MINUTE_MS = 60_000;

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

const kinds = drivers.flatMap((driver) => [
  { kind: 'disk', driver },
  { kind: 'memory and disk', driver },
]);

describe.each([{ kind: 'memory', driver: 'lmdb' as const }, ...kinds])(
  'a cache on $kind ($driver)',
  ({ kind, driver }) => {
    async function create(options: CacheOptions<unknown> = {}) {
      const disk = kind.includes('disk') ? { disk: { path: await temporaryDirectory(), driver } } : {};
      const memory = kind.includes('memory') ? {} : { memory: false as const };
      return createCache<unknown>({ ...disk, ...memory, ...options });
    }

    it('returns what was set, whatever its shape', async () => {
      await using cache = await create();
      const values = [
        'text',
        0,
        null,
        false,
        { a: [1, new Date(0)] },
        new Map([['k', new Set([1n])]]),
        new Uint8Array([1, 2]),
      ];
      for (const [index, value] of values.entries()) {
        await cache.set(`key ${index}`, value);
        expect(await cache.get(`key ${index}`)).toEqual(value);
      }
      expect(await cache.get('other')).toBeUndefined();
    });

    it('expires an entry exactly at the end of its lifetime', async () => {
      const clock = new FakeClock();
      await using cache = await create({ clock, ttlMs: MINUTE_MS });
      await cache.set('k', 'v');
      clock.advance(MINUTE_MS - 1);
      expect(await cache.get('k')).toBe('v');
      clock.advance(1);
      expect(await cache.get('k')).toBeUndefined();
      expect(await cache.lookup('other')).toEqual({ status: 'miss', reason: 'absent' });
    });

    it('says that a miss was an entry past its time', async () => {
      const clock = new FakeClock();
      await using cache = await create({ clock });
      await cache.set('k', 'v', { ttlMs: 1 });
      clock.advance(1);
      expect(await cache.lookup('k')).toEqual({ status: 'miss', reason: 'expired' });
    });

    it('lets an entry choose its lifetime: shorter, longer, for ever', async () => {
      const clock = new FakeClock();
      await using cache = await create({ clock, ttlMs: MINUTE_MS });
      await cache.set('short', 1, { ttlMs: 10 });
      await cache.set('long', 2, { ttlMs: 10 * MINUTE_MS });
      await cache.set('for ever', 3, { ttlMs: Number.POSITIVE_INFINITY });
      clock.advance(MINUTE_MS);
      expect(await cache.get('short')).toBeUndefined();
      expect(await cache.get('long')).toBe(2);
      clock.advance(2 ** 40);
      expect(await cache.get('long')).toBeUndefined();
      expect(await cache.get('for ever')).toBe(3);
    });

    it('takes a lifetime of 0 at its word and removes what was there', async () => {
      await using cache = await create();
      await cache.set('k', 'old');
      await cache.set('k', 'new', { ttlMs: 0 });
      expect(await cache.get('k')).toBeUndefined();
      await using never = await create({ ttlMs: 0 });
      await never.set('k', 'v');
      expect(await never.get('k')).toBeUndefined();
    });

    it('tells where, how old, and until when', async () => {
      const clock = new FakeClock();
      await using cache = await create({ clock, ttlMs: MINUTE_MS });
      await cache.set('k', 'v');
      const createdAt = clock.now();
      clock.advance(1500);
      expect(await cache.lookup('k')).toEqual({
        status: 'hit',
        value: 'v',
        tier: kind.startsWith('memory') ? 'memory' : 'disk',
        createdAt,
        expiresAt: createdAt + MINUTE_MS,
        ageMs: 1500,
      });
    });

    it('deletes', async () => {
      await using cache = await create();
      await cache.set('k', 'v');
      expect(await cache.delete('k')).toBe(true);
      expect(await cache.get('k')).toBeUndefined();
      expect(await cache.delete('k')).toBe(false);
    });

    it('clears a namespace or a tag and leaves the rest alone', async () => {
      await using cache = await create();
      const other = cache.withNamespace('other');
      await cache.set('tagged', 1, { tags: ['t'] });
      await cache.set('plain', 2);
      await other.set('tagged', 3, { tags: ['t'] });
      await cache.clear({ tag: 't' });
      expect(await cache.get('tagged')).toBeUndefined();
      expect(await cache.get('plain')).toBe(2);
      await cache.clear();
      expect(await cache.get('plain')).toBeUndefined();
      expect(await other.get('tagged')).toBe(3);
    });

    it('loads once for all who ask at the same time', async () => {
      await using cache = await create();
      let loads = 0;
      const gate = Promise.withResolvers<string>();
      const load = () => {
        loads += 1;
        return gate.promise;
      };
      const callers = Array.from({ length: 1000 }, () => cache.resolve('k', load));
      gate.resolve('value');
      const resolved = await Promise.all(callers);
      expect(loads).toBe(1);
      expect(resolved.map((one) => one.value)).toEqual(Array(1000).fill('value'));
      expect(resolved.filter((one) => one.source === 'loaded')).toHaveLength(1000 - 999);
      expect(await cache.getOrSet('k', load)).toBe('value');
      expect(cache.stats()).toMatchObject({ loads: 1, coalesced: 999 });
    });

    it('lists entries with their tiers', async () => {
      await using cache = await create();
      await cache.set('a', 'x'.repeat(100), { tags: ['t'] });
      await cache.set('b', 'y');
      const entries = await collect(cache.entries());
      const tiers = kind === 'memory and disk' ? ['memory', 'disk'] : [kind];
      expect(entries.map((entry) => entry.key).sort()).toEqual(['a', 'b']);
      expect(entries.find((entry) => entry.key === 'a')).toMatchObject({
        tags: ['t'],
        tiers,
        namespace: 'default',
      });
      expect(await collect(cache.entries({ limit: 1 }))).toHaveLength(1);
    });

    it('is closed for good, also twice', async () => {
      const cache = await create();
      await cache.set('k', 'v');
      await cache.close();
      await cache.close();
      await expect(cache.get('k')).rejects.toMatchObject({ code: 'CACHE_CLOSED' });
      await expect(cache.set('k', 'v')).rejects.toMatchObject({ code: 'CACHE_CLOSED' });
      expect(cache.stats().tiers.every((tier) => tier.state === 'closed')).toBe(true);
    });
  },
);

describe('tiers together', () => {
  it('finds on disk what another cache wrote, and promotes it', async () => {
    const path = await temporaryDirectory();
    const writer = createCache({ disk: { path } });
    await writer.set('k', { deep: [1] });
    await writer.close();
    await using reader = createCache({ disk: { path } });
    expect(reader.peek('k')).toBeUndefined();
    expect(await reader.lookup('k')).toMatchObject({ status: 'hit', tier: 'disk', value: { deep: [1] } });
    expect(reader.peek('k')).toMatchObject({ status: 'hit', tier: 'memory' });
    expect(await reader.getOrSet('k', () => expect.unreachable())).toEqual({ deep: [1] });
  });

  it.each([
    ['is not a number', () => Number.NaN],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
  ])('does not promote what has a size that %s', async (_, sizeOf) => {
    const path = await temporaryDirectory();
    const writer = createCache({ disk: { path } });
    await writer.set('k', 'v');
    await writer.close();
    await using reader = createCache({ disk: { path }, codec: { ...structuredCodec, sizeOf } });
    expect(await reader.get('k')).toBe('v');
    expect(await reader.getOrSet('k', () => expect.unreachable())).toBe('v');
    expect(reader.stats().tiers[0]).toMatchObject({ name: 'memory', entries: 0, bytes: 0 });
  });

  it('works without a disk that cannot be used, and says so', async () => {
    await using cache = createCache({ disk: { path: '/dev/null/cache' } });
    await cache.set('k', 'v');
    expect(await cache.get('k')).toBe('v');
    expect(await cache.lookup('other')).toEqual({ status: 'miss', reason: 'unavailable' });
    const disk = cache.stats().tiers.find((tier) => tier.name === 'disk');
    expect(disk).toMatchObject({ state: 'unavailable', reason: expect.stringContaining('/dev/null/cache') });
  });
});

it.each(drivers)('takes a disk without a bound of its own (%s)', async (driver) => {
  const disk = { path: await temporaryDirectory(), maxBytes: Number.POSITIVE_INFINITY, driver };
  await using cache = createCache<string>({ disk, memory: false });
  await cache.set('k', 'v');
  expect(await cache.get('k')).toBe('v');
  expect(cache.stats().tiers[0]).toMatchObject({ state: 'ready', maxBytes: Number.POSITIVE_INFINITY });
});

it.each(drivers)(
  'keeps an entry with too many tags off the disk, and the older one of its key (%s)',
  async (driver) => {
    await using cache = createCache<string>({
      disk: { path: await temporaryDirectory(), driver },
      memory: false,
    });
    await cache.set('k', 'old');
    for (let round = 0; round < 3; round += 1) await cache.set('k', 'new', { tags: ['t'.repeat(70_000)] });
    expect(cache.stats().tiers[0]).toMatchObject({ state: 'ready', errors: 0 });
    expect(await cache.lookup('k')).toEqual({ status: 'miss', reason: 'absent' });
    await cache.set('k', 'next', { tags: ['t'] });
    expect(await cache.get('k')).toBe('next');
  },
);

describe('mistakes', () => {
  it.each([
    [{ ttlMs: -1 }, RangeError, 'ttlMs'],
    [{ ttlMs: Number.NaN }, RangeError, 'ttlMs'],
    [{ ttlJitter: 1 }, RangeError, 'ttlJitter'],
    [{ namespace: '' }, RangeError, 'namespace'],
    [{ memory: { maxEntries: 0 } }, RangeError, 'memory.maxEntries'],
    [{ disk: { path: '' } }, TypeError, 'disk.path'],
    [{ disk: { path: 'x', maxBytes: 1 } }, RangeError, 'disk.maxBytes'],
  ])('refuses %j', (options, type, name) => {
    expect(() => createCache(options)).toThrow(type);
    expect(() => createCache(options)).toThrow(name);
  });

  it('refuses values that cannot be stored', async () => {
    await using cache = createCache({ disk: { path: await temporaryDirectory() } });
    await expect(cache.set('k', undefined)).rejects.toThrow(TypeError);
    await expect(cache.set('k', () => {})).rejects.toThrow(TypeError);
    expect(await cache.get('k')).toBeUndefined();
  });

  it('says at once whatever a memory tier alone can say, and counts it', async () => {
    await using cache = createCache<string>();
    expect(cache.peek('k')).toEqual({ status: 'miss', reason: 'absent' });
    await cache.set('k', 'v');
    expect(cache.peek('k')).toMatchObject({ status: 'hit', value: 'v' });
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 1 });
    await cache.close();
    expect(cache.peek('k')).toBeUndefined();
  });
});
