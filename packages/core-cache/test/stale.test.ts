import { describe, expect, it } from 'vitest';
import { createCache } from '../src/index.js';
import { DeferredLoad } from './support/deferred-load.js';
import { FailingStore } from './support/failing-store.js';
import { FakeClock } from './support/fake-clock.js';
import { temporaryDirectory } from './support/temporary-directory.js';

const TTL_MS = 1000;

describe('stale while revalidate', () => {
  it('serves the old value at once, renews it with one load, then serves the new one', async () => {
    const clock = new FakeClock();
    await using cache = createCache<string>({ clock, ttlMs: TTL_MS, staleWhileRevalidateMs: 500 });
    await cache.set('k', 'old');
    clock.advance(TTL_MS + 499);
    const deferred = new DeferredLoad<string>();
    for (let caller = 0; caller < 5; caller += 1) {
      expect(await cache.resolve('k', deferred.load)).toMatchObject({
        value: 'old',
        source: 'stale',
        ageMs: 1499,
      });
    }
    await deferred.begun;
    deferred.resolve('new');
    await cache.flush();
    expect(await cache.resolve('k', deferred.load)).toMatchObject({ value: 'new', source: 'hit' });
    expect(deferred.calls).toBe(1);
    expect(cache.stats().staleServes).toBe(5);
  });

  it('waits for the load once the window is over', async () => {
    const clock = new FakeClock();
    await using cache = createCache<string>({ clock, ttlMs: TTL_MS, staleWhileRevalidateMs: 500 });
    await cache.set('k', 'old');
    clock.advance(TTL_MS + 500);
    expect(await cache.getOrSet('k', () => 'new')).toBe('new');
  });

  it('survives a renewal that fails, and tries again', async () => {
    const clock = new FakeClock();
    await using cache = createCache<string>({ clock, ttlMs: TTL_MS, staleWhileRevalidateMs: 500 });
    await cache.set('k', 'old');
    clock.advance(TTL_MS);
    const fail = () => Promise.reject(new Error('upstream'));
    expect(await cache.getOrSet('k', fail)).toBe('old');
    await cache.flush();
    expect(await cache.getOrSet('k', fail)).toBe('old');
    await cache.flush();
    expect(cache.stats()).toMatchObject({ loads: 2, loadErrors: 2 });
  });

  it('joins the renewal when the window ends while it is under way', async () => {
    const clock = new FakeClock();
    await using cache = createCache<string>({ clock, ttlMs: TTL_MS, staleWhileRevalidateMs: 500 });
    await cache.set('k', 'old');
    clock.advance(TTL_MS);
    const deferred = new DeferredLoad<string>();
    expect(await cache.getOrSet('k', deferred.load)).toBe('old');
    await deferred.begun;
    clock.advance(500);
    const call = cache.resolve('k', () => expect.unreachable());
    deferred.resolve('new');
    expect(await call).toMatchObject({ value: 'new', source: 'coalesced' });
  });

  it('ends the renewal when the cache closes', async () => {
    const clock = new FakeClock();
    const cache = createCache<string>({ clock, ttlMs: TTL_MS, staleWhileRevalidateMs: 500 });
    await cache.set('k', 'old');
    clock.advance(TTL_MS);
    const aborted = Promise.withResolvers<void>();
    const load = ({ signal }: { signal: AbortSignal }) =>
      new Promise<string>((_, reject) => {
        signal.addEventListener('abort', () => {
          aborted.resolve();
          reject(signal.reason as Error);
        });
      });
    expect(await cache.getOrSet('k', load)).toBe('old');
    await new Promise<void>((resolve) => setImmediate(resolve));
    await cache.close();
    await aborted.promise;
  });

  it('begins no renewal once the cache closes', async () => {
    const clock = new FakeClock();
    const shared = new FailingStore();
    const options = { clock, ttlMs: TTL_MS, staleWhileRevalidateMs: 500 };
    const cache = createCache<string>({ ...options, memory: false, shared });
    await cache.set('k', 'old');
    clock.advance(TTL_MS);
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<void>();
    shared.beforeGet = () => {
      asked.resolve();
      return answered.promise;
    };
    const call = cache.resolve('k', () => expect.unreachable());
    await asked.promise;
    const closing = cache.close();
    answered.resolve();
    expect(await call).toMatchObject({ value: 'old', source: 'stale' });
    await closing;
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(cache.stats().loads).toBe(0);
  });

  it('ends with a renewal that finds nothing', async () => {
    const clock = new FakeClock();
    const disk = { path: await temporaryDirectory() };
    await using cache = createCache<string | undefined>({ clock, disk, staleWhileRevalidateMs: 500 });
    await cache.set('k', 'old', { ttlMs: TTL_MS });
    clock.advance(TTL_MS);
    expect(await cache.getOrSet('k', () => undefined)).toBe('old');
    await cache.flush();
    expect(await cache.lookup('k')).toEqual({ status: 'miss', reason: 'absent' });
    expect(await cache.getOrSet('k', () => 'new')).toBe('new');
  });

  it('works from the disk after a restart', async () => {
    const clock = new FakeClock();
    const path = await temporaryDirectory();
    const options = { clock, ttlMs: TTL_MS, staleWhileRevalidateMs: 500, disk: { path } };
    const first = createCache<string>(options);
    await first.set('k', 'old');
    await first.close();
    clock.advance(TTL_MS);
    await using second = createCache<string>(options);
    expect(await second.resolve('k', () => 'new')).toMatchObject({
      value: 'old',
      source: 'stale',
      tier: 'disk',
    });
    await second.flush();
    expect(await second.get('k')).toBe('new');
  });

  it('is never what get returns, and lookup says so', async () => {
    const clock = new FakeClock();
    await using cache = createCache<string>({ clock, ttlMs: TTL_MS, staleWhileRevalidateMs: 500 });
    await cache.set('k', 'old');
    clock.advance(TTL_MS);
    expect(await cache.get('k')).toBeUndefined();
    expect(cache.peek('k')).toMatchObject({ status: 'stale', value: 'old', ageMs: TTL_MS });
    expect(await cache.lookup('k')).toMatchObject({ status: 'stale', value: 'old', ageMs: TTL_MS });
  });
});

describe('stale if error', () => {
  it('serves the old value when the load fails, with the error beside it', async () => {
    const clock = new FakeClock();
    await using cache = createCache<string>({ clock, ttlMs: TTL_MS, staleIfErrorMs: 500 });
    await cache.set('k', 'old');
    clock.advance(TTL_MS + 499);
    const error = new Error('upstream');
    const load = () => Promise.reject(error);
    expect(await cache.resolve('k', load)).toMatchObject({ value: 'old', source: 'stale', error });
    clock.advance(1);
    await expect(cache.resolve('k', load)).rejects.toBe(error);
  });

  it('waits for a load that works', async () => {
    const clock = new FakeClock();
    await using cache = createCache<string>({ clock, ttlMs: TTL_MS, staleIfErrorMs: 500 });
    await cache.set('k', 'old');
    clock.advance(TTL_MS);
    expect(await cache.resolve('k', () => 'new')).toMatchObject({
      value: 'new',
      source: 'loaded',
      missReason: 'expired',
    });
  });
});

describe('negative caching', () => {
  it('is off by default: nothing found is asked for again', async () => {
    await using cache = createCache<string | undefined>();
    let loads = 0;
    const load = () => {
      loads += 1;
      return undefined;
    };
    expect(await cache.getOrSet('k', load)).toBeUndefined();
    expect(await cache.getOrSet('k', load)).toBeUndefined();
    expect(loads).toBe(2);
  });

  it('remembers by choice that there is nothing, on disk too, for its own time', async () => {
    const clock = new FakeClock();
    const path = await temporaryDirectory();
    let loads = 0;
    const load = () => {
      loads += 1;
      return undefined;
    };
    for (let round = 0; round < 2; round += 1) {
      await using cache = createCache<string | undefined>({ clock, disk: { path } });
      expect(await cache.getOrSet('k', load, { negativeTtlMs: 100 })).toBeUndefined();
      expect(await cache.lookup('k')).toMatchObject({ status: 'negative' });
      expect(await cache.get('k')).toBeUndefined();
    }
    expect(loads).toBe(1);
    clock.advance(100);
    await using cache = createCache<string | undefined>({ clock, disk: { path } });
    expect(await cache.getOrSet('k', () => 'found')).toBe('found');
  });
});

describe('lifetimes', () => {
  it('are shortened by the jitter, never lengthened, and never made infinite ones finite', async () => {
    const clock = new FakeClock();
    let random = 0;
    await using cache = createCache<string>({ clock, ttlMs: TTL_MS, ttlJitter: 0.2, random: () => random });
    const lifetime = async () => {
      await cache.set('k', 'v');
      const found = await cache.lookup('k');
      return found.status === 'hit' ? found.expiresAt - found.createdAt : undefined;
    };
    expect(await lifetime()).toBe(TTL_MS);
    random = 0.5;
    expect(await lifetime()).toBe(900);
    random = 0.999;
    expect(await lifetime()).toBeGreaterThanOrEqual(800);
    await cache.set('k', 'v', { ttlMs: Number.POSITIVE_INFINITY });
    expect(await cache.lookup('k')).toMatchObject({ expiresAt: Number.POSITIVE_INFINITY });
  });

  it('can depend on the loaded value, which 0 does not store', async () => {
    const clock = new FakeClock();
    await using cache = createCache<{ ttl: number }>({ clock });
    const options = { ttlMs: (value: { ttl: number }) => value.ttl };
    await cache.getOrSet('a', () => ({ ttl: 0 }), options);
    await cache.getOrSet('b', () => ({ ttl: 50 }), options);
    expect(await cache.get('a')).toBeUndefined();
    expect(await cache.lookup('b')).toMatchObject({ expiresAt: clock.now() + 50 });
  });

  it('end at most twice as late as meant, however the clock jumps back', async () => {
    const clock = new FakeClock();
    await using cache = createCache<string>({ clock, ttlMs: TTL_MS });
    await cache.set('k', 'v');
    clock.advance(-TTL_MS);
    expect(await cache.lookup('k')).toMatchObject({ status: 'hit', ageMs: 0 });
    clock.advance(-1);
    expect(await cache.get('k')).toBeUndefined();
  });

  it('are renewed at once on demand', async () => {
    await using cache = createCache<string>();
    await cache.set('k', 'old');
    expect(await cache.resolve('k', () => 'new', { refresh: true })).toMatchObject({
      value: 'new',
      source: 'loaded',
    });
    expect(await cache.get('k')).toBe('new');
  });

  it.each([
    ['of 0', { ttlMs: 0 }, 'new'],
    ['of 0 for this value', { ttlMs: () => 0 }, 'new'],
    ['for nothing', {}, undefined],
  ])('%s remove what was there when it is renewed on demand', async (_, options, loaded) => {
    const disk = { path: await temporaryDirectory() };
    await using cache = createCache<string | undefined>({ disk });
    await cache.set('k', 'old');
    expect(await cache.getOrSet('k', () => loaded, { ...options, refresh: true })).toBe(loaded);
    await cache.flush();
    expect(await cache.lookup('k')).toEqual({ status: 'miss', reason: 'absent' });
  });
});
