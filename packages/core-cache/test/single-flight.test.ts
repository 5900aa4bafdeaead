import { describe, expect, it, onTestFinished } from 'vitest';
import { type CacheOptions, createCache } from '../src/index.js';
import { DeferredLoad } from './support/deferred-load.js';
import { FakeClock } from './support/fake-clock.js';
import { temporaryDirectory } from './support/temporary-directory.js';

describe('a shared load', () => {
  it('goes on for the others when one caller aborts, who gets the reason as it is', async () => {
    await using cache = createCache<string>();
    const deferred = new DeferredLoad<string>();
    const controller = new AbortController();
    const leaving = cache.getOrSet('k', deferred.load, { signal: controller.signal });
    const staying = cache.getOrSet('k', deferred.load, { signal: new AbortController().signal });
    await deferred.begun;
    const reason = { why: 'changed my mind' };
    controller.abort(reason);
    await expect(leaving).rejects.toBe(reason);
    expect(deferred.signal?.aborted).toBe(false);
    deferred.resolve('v');
    expect(await staying).toBe('v');
    expect(deferred.calls).toBe(1);
  });

  it('is aborted when the last caller has left, and the next caller starts anew', async () => {
    await using cache = createCache<string>();
    const deferred = new DeferredLoad<string>();
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }) => cache.getOrSet('k', deferred.load, { signal }));
    await deferred.begun;
    for (const controller of controllers) controller.abort();
    for (const call of calls) await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(deferred.signal?.aborted).toBe(true);
    const next = new DeferredLoad<string>();
    next.resolve('next');
    expect(await cache.getOrSet('k', next.load)).toBe('next');
    deferred.resolve('half a value');
    await cache.flush();
    expect(await cache.get('k')).toBe('next');
  });

  it('does not begin for a caller who has aborted already', async () => {
    await using cache = createCache<string>();
    const deferred = new DeferredLoad<string>();
    const call = cache.getOrSet('k', deferred.load, { signal: AbortSignal.abort('early') });
    await expect(call).rejects.toBe('early');
    expect(deferred.calls).toBe(0);
  });

  it('leaves no listener on the signal', async () => {
    await using cache = createCache<string>();
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners += 1;
      add(...given);
    };
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...given);
    };
    await cache.getOrSet('k', () => 'v', { signal });
    await cache.getOrSet('k', () => 'v', { signal });
    await cache.get('k', { signal });
    await new Promise<void>((resolve) => setImmediate(resolve));
    expect(listeners).toBe(0);
  });

  it('fails all who wait, is not remembered, and is tried again', async () => {
    await using cache = createCache<string>();
    const deferred = new DeferredLoad<string>();
    const calls = [cache.getOrSet('k', deferred.load), cache.getOrSet('k', deferred.load)];
    const error = new Error('upstream');
    deferred.reject(error);
    for (const call of calls) await expect(call).rejects.toBe(error);
    expect(await cache.getOrSet('k', () => 'v')).toBe('v');
    expect(cache.stats()).toMatchObject({ loads: 2, loadErrors: 1, coalesced: 1 });
  });

  it('may throw rather than reject', async () => {
    await using cache = createCache<string>();
    const call = cache.getOrSet('k', () => {
      throw new Error('at once');
    });
    await expect(call).rejects.toThrow('at once');
  });

  it('is per key and per namespace', async () => {
    await using cache = createCache<string>();
    const values = await Promise.all([
      cache.getOrSet('a', () => 'default a'),
      cache.getOrSet('b', () => 'default b'),
      cache.withNamespace('other').getOrSet('a', () => 'other a'),
    ]);
    expect(values).toEqual(['default a', 'default b', 'other a']);
  });

  it('is shared by all views of a namespace', async () => {
    await using cache = createCache<string>();
    const deferred = new DeferredLoad<string>();
    const views = [cache.withNamespace('n'), cache.withNamespace('n')];
    const calls = views.map((view) => view.getOrSet('k', deferred.load));
    await deferred.begun;
    deferred.resolve('v');
    expect(await Promise.all(calls)).toEqual(['v', 'v']);
    expect(deferred.calls).toBe(1);
  });
});

describe('callers of one key with options of their own', () => {
  const TTL_MS = 1000;
  const fail = () => Promise.reject(new Error('upstream'));

  async function createStale(options: CacheOptions<string> = {}) {
    const clock = new FakeClock();
    const cache = createCache<string>({ clock, ttlMs: TTL_MS, ...options });
    onTestFinished(() => cache.close());
    await cache.set('k', 'old', { staleIfErrorMs: 500, staleWhileRevalidateMs: 500 });
    clock.advance(TTL_MS);
    return cache;
  }

  it('load anew if they want to and another caller only looked the value up', async () => {
    await using cache = createCache<string>();
    await cache.set('k', 'old');
    const { signal } = new AbortController();
    const looking = cache.getOrSet('k', () => expect.unreachable(), { signal });
    const refreshing = [
      cache.resolve('k', () => 'new', { refresh: true }),
      cache.resolve('k', () => expect.unreachable(), { refresh: true }),
    ];
    expect(await looking).toBe('old');
    expect(await Promise.all(refreshing)).toMatchObject([
      { value: 'new', source: 'loaded' },
      { value: 'new', source: 'coalesced' },
    ]);
    expect(await cache.get('k')).toBe('new');
  });

  it.each(['memory', 'disk'])(
    'wait for the renewal of a stale value that only others accept (%s)',
    async (tier) => {
      const disk = { path: await temporaryDirectory() };
      const cache = await createStale(tier === 'memory' ? {} : { memory: false, disk });
      const accepting = cache.resolve('k', () => 'new', { staleWhileRevalidateMs: 500 });
      const waiting = cache.resolve('k', () => expect.unreachable());
      expect(await accepting).toMatchObject({ value: 'old', source: 'stale', tier });
      expect(await waiting).toMatchObject({ value: 'new', source: 'coalesced' });
      expect(cache.stats()).toMatchObject({ loads: 1, coalesced: 1, staleServes: 1 });
    },
  );

  it('get a stale value instead of an error if they accept it, whoever loads', async () => {
    const cache = await createStale();
    const calls = [
      cache.resolve('k', fail),
      cache.resolve('k', fail, { staleIfErrorMs: 500 }),
      cache.resolve('k', fail),
    ];
    expect(await Promise.allSettled(calls)).toMatchObject([
      { status: 'rejected' },
      { value: { value: 'old', source: 'stale', error: new Error('upstream') } },
      { status: 'rejected' },
    ]);
    const others = [cache.resolve('k', fail, { staleIfErrorMs: 500 }), cache.resolve('k', fail)];
    expect(await Promise.allSettled(others)).toMatchObject([
      { value: { value: 'old' } },
      { status: 'rejected' },
    ]);
    expect(cache.stats()).toMatchObject({ loads: 2, loadErrors: 2, coalesced: 3, staleServes: 2 });
  });

  it.each([{ staleWhileRevalidateMs: 500 }, { refresh: true }])(
    'get a stale value instead of the error of a load that began for %j',
    async (options) => {
      const cache = await createStale({ staleIfErrorMs: 500 });
      const deferred = new DeferredLoad<string>();
      const other = Promise.allSettled([cache.getOrSet('k', deferred.load, options)]);
      await deferred.begun;
      const call = cache.resolve('k', () => expect.unreachable(), { staleWhileRevalidateMs: 0 });
      const error = new Error('upstream');
      deferred.reject(error);
      expect(await call).toMatchObject({ value: 'old', source: 'stale', error });
      await other;
    },
  );

  it('get a fresh value at once while another caller refreshes it', async () => {
    await using cache = createCache<string>();
    await cache.set('k', 'fresh');
    const deferred = new DeferredLoad<string>();
    const refreshing = cache.getOrSet('k', deferred.load, { refresh: true });
    await deferred.begun;
    const { signal } = new AbortController();
    const found = await cache.resolve('k', () => expect.unreachable(), { signal });
    expect(found).toMatchObject({ value: 'fresh', source: 'hit' });
    deferred.resolve('new');
    expect(await refreshing).toBe('new');
  });

  it('get a fresh value from below memory if another caller fails to refresh it', async () => {
    await using cache = createCache<string>({ memory: false, disk: { path: await temporaryDirectory() } });
    await cache.set('k', 'fresh');
    const deferred = new DeferredLoad<string>();
    const refreshing = cache.getOrSet('k', deferred.load, { refresh: true });
    await deferred.begun;
    const call = cache.resolve('k', () => expect.unreachable());
    deferred.reject(new Error('upstream'));
    await expect(refreshing).rejects.toThrow('upstream');
    expect(await call).toMatchObject({ value: 'fresh', source: 'hit', tier: 'disk' });
  });
});

describe('a load that is overtaken', () => {
  it.each([
    ['set', 'newer', (cache: ReturnType<typeof createCache<string>>) => cache.set('k', 'newer')],
    ['delete', undefined, (cache: ReturnType<typeof createCache<string>>) => cache.delete('k')],
    ['clear', undefined, (cache: ReturnType<typeof createCache<string>>) => cache.clear()],
    [
      'clear of its tag',
      undefined,
      (cache: ReturnType<typeof createCache<string>>) => cache.clear({ tag: 't' }),
    ],
  ])('by a %s answers its callers and is not stored', async (_, expected, overtake) => {
    await using cache = createCache<string>();
    const deferred = new DeferredLoad<string>();
    const call = cache.getOrSet('k', deferred.load, { tags: ['t'] });
    await deferred.begun;
    await overtake(cache);
    deferred.resolve('older');
    expect(await call).toBe('older');
    await cache.flush();
    expect(await cache.get('k')).toBe(expected);
  });

  it('is not joined by those who come after a delete', async () => {
    await using cache = createCache<string>();
    const before = new DeferredLoad<string>();
    const early = cache.getOrSet('k', before.load);
    await before.begun;
    await cache.delete('k');
    expect(await cache.getOrSet('k', () => 'after')).toBe('after');
    before.resolve('before');
    expect(await early).toBe('before');
    expect(await cache.get('k')).toBe('after');
  });

  it('by eviction of other entries is stored all the same', async () => {
    await using cache = createCache<string>({ memory: { maxEntries: 2 } });
    const deferred = new DeferredLoad<string>();
    const call = cache.getOrSet('k', deferred.load);
    await deferred.begun;
    for (let index = 0; index < 10; index += 1) await cache.set(`other ${index}`, 'v');
    deferred.resolve('v');
    await call;
    expect(await cache.get('k')).toBe('v');
  });

  it('by the closing of the cache answers its callers', async () => {
    const cache = createCache<string>();
    const deferred = new DeferredLoad<string>();
    const call = cache.getOrSet('k', deferred.load);
    await deferred.begun;
    await cache.close();
    deferred.resolve('v');
    expect(await call).toBe('v');
  });
});
