import { describe, expect, it } from 'vitest';
import { createCache } from '../src/index.js';
import { DeferredLoad } from './support/deferred-load.js';
import { FakeClock } from './support/fake-clock.js';
import { temporaryDirectory } from './support/temporary-directory.js';

const drivers = ['lmdb', 'sqlite'] as const;
const TTL_MS = 1000;

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('a load that does not heed its signal', () => {
  it.each(drivers)('holds up nobody once its callers have left, with %s', async (driver) => {
    await using cache = createCache<string>({ disk: { path: await temporaryDirectory(), driver } });
    const controller = new AbortController();
    const deaf = new DeferredLoad<string>();
    const leaving = cache.getOrSet('k', deaf.load, { signal: controller.signal });
    await deaf.begun;
    controller.abort('enough');
    await expect(leaving).rejects.toBe('enough');
    expect(await cache.getOrSet('k', () => 'next')).toBe('next');
    deaf.resolve('too late');
    await cache.flush();
    expect(await cache.get('k')).toBe('next');
  });

  it.each([{}, { disk: true }])(
    'does not keep the cache from closing while it renews, %o',
    async ({ disk }) => {
      const clock = new FakeClock();
      const path = await temporaryDirectory();
      const tier = disk === true ? { disk: { path } } : {};
      const cache = createCache<string>({ clock, ttlMs: TTL_MS, staleWhileRevalidateMs: 500, ...tier });
      await cache.set('k', 'old');
      clock.advance(TTL_MS);
      const deaf = new DeferredLoad<string>();
      expect(await cache.getOrSet('k', deaf.load)).toBe('old');
      await deaf.begun;
      await cache.close();
      expect(deaf.signal?.aborted).toBe(true);
      deaf.resolve('too late');
    },
  );
});

describe('a value that is renewed', () => {
  it.each([{}, { memory: false as const }])(
    'is served as it is to all who come meanwhile, also where only the disk has it, %o',
    async (memory) => {
      const clock = new FakeClock();
      const path = await temporaryDirectory();
      const options = { clock, ttlMs: TTL_MS, staleWhileRevalidateMs: 500, disk: { path } };
      const first = createCache<string>(options);
      await first.set('k', 'old');
      await first.close();
      clock.advance(TTL_MS);
      await using cache = createCache<string>({ ...options, ...memory });
      const deferred = new DeferredLoad<string>();
      for (let caller = 0; caller < 3; caller += 1)
        expect(await cache.resolve('k', deferred.load)).toMatchObject({ value: 'old', source: 'stale' });
      await deferred.begun;
      expect(await cache.resolve('k', deferred.load)).toMatchObject({ value: 'old', source: 'stale' });
      deferred.resolve('new');
      await cache.flush();
      expect(await cache.resolve('k', deferred.load)).toMatchObject({ value: 'new', source: 'hit' });
      expect(deferred.calls).toBe(1);
    },
  );
});

describe('a caller who leaves in the moment in which it would join', () => {
  it('is not kept', async () => {
    await using cache = createCache<string>();
    const deferred = new DeferredLoad<string>();
    const first = cache.getOrSet('k', deferred.load);
    await deferred.begun;
    const controller = new AbortController();
    const joining = cache.getOrSet('k', deferred.load, { signal: controller.signal });
    controller.abort('at once');
    await expect(joining).rejects.toBe('at once');
    deferred.resolve('v');
    expect(await first).toBe('v');
  });
});

describe('a caller who joins a load in the moment in which the other one leaves', () => {
  it('has its value', async () => {
    await using cache = createCache<string>();
    const deferred = new DeferredLoad<string>();
    const controller = new AbortController();
    const leaving = cache.getOrSet('k', deferred.load, { signal: controller.signal });
    await deferred.begun;
    const joining = cache.getOrSet('k', deferred.load);
    controller.abort('enough');
    await expect(leaving).rejects.toBe('enough');
    expect(deferred.signal?.aborted).toBe(false);
    deferred.resolve('v');
    expect(await joining).toBe('v');
  });
});

describe('a misspelt option', () => {
  it('does not clear what was not meant', async () => {
    await using cache = createCache<number>();
    await cache.set('a', 1);
    await expect(cache.clear({ tags: ['b'] } as never)).rejects.toThrow(
      'clear has no option "tags"; its options are: tag',
    );
    expect(await cache.get('a')).toBe(1);
    await expect(all(cache.entries({ max: 1 } as never))).rejects.toThrow('entries has no option "max"');
    await expect(all(cache.entries({ limit: '1' as never }))).rejects.toThrow('limit must be a number');
    await expect(cache.claim('a', { timeoutMs: 1 } as never)).rejects.toThrow(
      'claim has no option "timeoutMs"',
    );
  });
});
