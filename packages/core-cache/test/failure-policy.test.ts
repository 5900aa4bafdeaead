import { describe, expect, it } from 'vitest';
import { createCache } from '../src/index.js';
import { FailingStore } from './support/failing-store.js';
import { FakeClock } from './support/fake-clock.js';

function create() {
  const store = new FailingStore();
  const clock = new FakeClock();
  const cache = createCache<string>({ memory: false, shared: store, clock });
  const state = () => cache.stats().tiers[0]?.state;
  return { store, clock, cache, state };
}

describe('a tier that fails', () => {
  it('never fails the caller', async () => {
    const { store, cache } = create();
    store.fails = true;
    await cache.set('k', 'v');
    expect(await cache.get('k')).toBeUndefined();
    expect(await cache.lookup('k')).toEqual({ status: 'miss', reason: 'unavailable' });
    expect(await cache.getOrSet('k', () => 'loaded')).toBe('loaded');
    expect(await cache.delete('k')).toBe(false);
    await cache.clear();
    for await (const _ of cache.entries()) expect.unreachable();
    await cache.close();
  });

  it('is left alone after three failures, tried again after a pause, and heals', async () => {
    const { store, clock, cache, state } = create();
    await cache.set('k', 'v');
    store.fails = true;
    for (let call = 0; call < 3; call += 1) await cache.get('k');
    expect(state()).toBe('unavailable');
    const { calls } = store;
    for (let call = 0; call < 10; call += 1) await cache.get('k');
    expect(store.calls).toBe(calls);
    clock.advance(1000);
    await cache.get('k');
    expect(store.calls).toBe(calls + 1);
    clock.advance(1000);
    await cache.get('k');
    expect(store.calls).toBe(calls + 1);
    store.fails = false;
    clock.advance(1000);
    expect(await cache.get('k')).toBe('v');
    expect(state()).toBe('ready');
    await cache.close();
  });

  it('can still be read when it only fails to write', async () => {
    const { store, cache, state } = create();
    await cache.set('k', 'v');
    store.fails = true;
    for (let call = 0; call < 3; call += 1) await cache.set('other', 'v');
    store.fails = false;
    expect(state()).toBe('read-only');
    expect(await cache.get('k')).toBe('v');
    await cache.close();
  });

  it('is opened again later when it could not be opened', async () => {
    const { store, clock, cache, state } = create();
    store.failsToOpen = true;
    await cache.set('k', 'v');
    expect(await cache.lookup('k')).toEqual({ status: 'miss', reason: 'unavailable' });
    expect(state()).toBe('unavailable');
    expect(store.calls).toBe(1);
    store.failsToOpen = false;
    clock.advance(1000);
    await cache.set('k', 'v');
    expect(await cache.get('k')).toBe('v');
    await cache.close();
  });

  it.each([
    ['set', (cache: ReturnType<typeof create>['cache']) => cache.set('k', 'new')],
    ['delete', (cache: ReturnType<typeof create>['cache']) => cache.delete('k')],
    ['clear', (cache: ReturnType<typeof create>['cache']) => cache.clear()],
  ])('does not bring back what a missed %s replaced', async (_, change) => {
    const { store, cache } = create();
    await cache.set('k', 'old');
    store.fails = true;
    await change(cache);
    store.fails = false;
    expect(await cache.get('k')).toBeUndefined();
    await cache.set('other', 'v');
    await cache.flush();
    expect(store.entriesByKey.has('default k')).toBe(false);
    await cache.set('k', 'newest');
    expect(await cache.get('k')).toBe('newest');
    await cache.close();
  });

  it('holds nobody up while it is told of what it missed', async () => {
    const { store, clock, cache } = create();
    const keys = Array.from({ length: 500 }, (_, index) => `key ${index}`);
    for (const key of keys) await cache.set(key, 'old');
    store.fails = true;
    await Promise.all(keys.map((key) => cache.set(key, 'missed')));
    store.fails = false;
    clock.advance(1000);
    const gate = Promise.withResolvers<void>();
    store.beforeDelete = () => gate.promise;
    await cache.set('other', 'v');
    await cache.set('key 499', 'new');
    expect(await cache.get('key 499')).toBe('new');
    expect(await cache.get('key 0')).toBeUndefined();
    expect(store.entriesByKey.size).toBe(501);
    gate.resolve();
    await cache.flush();
    expect([...store.entriesByKey.keys()]).toEqual(['default key 499', 'default other']);
    expect(await cache.get('key 499')).toBe('new');
    await cache.close();
  });
});
