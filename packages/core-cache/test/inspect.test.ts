import { describe, expect, it } from 'vitest';
import { createCache } from '../src/index.js';
import { drivers } from './support/driver.js';
import { FakeClock } from './support/fake-clock.js';
import { temporaryDirectory } from './support/temporary-directory.js';

const MINUTE_MS = 60_000;

describe.each(drivers)('inspect, with a disk (%s)', (driver) => {
  it('says what lookup would say, and moves no counter', async () => {
    const clock = new FakeClock();
    const path = await temporaryDirectory();
    await using cache = createCache<string>({ clock, disk: { path, driver }, staleIfErrorMs: MINUTE_MS });
    await cache.set('k', 'v', { ttlMs: MINUTE_MS });
    clock.advance(10);
    const before = cache.stats();
    const seen = await cache.inspect('k');
    expect(await cache.inspect('none')).toEqual({ status: 'miss', reason: 'absent' });
    expect(cache.stats()).toEqual(before);
    expect(seen).toEqual(await cache.lookup('k'));
    clock.advance(MINUTE_MS);
    const later = cache.stats();
    const stale = await cache.inspect('k');
    expect(stale).toMatchObject({ status: 'stale', value: 'v' });
    expect(cache.stats()).toEqual(later);
    clock.advance(MINUTE_MS);
    expect(await cache.inspect('k')).toEqual({ status: 'miss', reason: 'expired' });
    expect(await cache.lookup('k')).toEqual({ status: 'miss', reason: 'expired' });
  });

  it('leaves what is on the disk there', async () => {
    const path = await temporaryDirectory();
    await using writer = createCache<string>({ disk: { path, driver } });
    await writer.set('k', 'v');
    await writer.close();
    await using cache = createCache<string>({ disk: { path, driver } });
    expect(await cache.inspect('k')).toMatchObject({ status: 'hit', tier: 'disk' });
    expect(cache.peek('k')).toBeUndefined();
    expect(cache.stats().tiers[0]).toMatchObject({ name: 'memory', entries: 0, sets: 0 });
    expect(await cache.inspect('k')).toMatchObject({ tier: 'disk' });
    expect(await cache.lookup('k')).toMatchObject({ tier: 'disk' });
    expect(await cache.lookup('k')).toMatchObject({ tier: 'memory' });
  });
});

describe('inspect', () => {
  it('is no use that would keep an entry in memory', async () => {
    const memory = { maxEntries: 10, maxBytes: 1e6 };
    await using looked = createCache<string>({ memory });
    await using used = createCache<string>({ memory });
    for (const cache of [looked, used]) await cache.set('first', 'v');
    await looked.inspect('first');
    await used.lookup('first');
    for (const cache of [looked, used])
      for (let index = 0; index < 20; index++) await cache.set(`next ${index}`, 'v');
    expect(looked.peek('first')).toEqual({ status: 'miss', reason: 'absent' });
    expect(used.peek('first')).toMatchObject({ status: 'hit' });
  });

  it('knows what is known to be nothing, and what was cleared by a tag', async () => {
    await using cache = createCache<string>();
    await cache.resolve('nothing', () => undefined as unknown as string, { negativeTtlMs: MINUTE_MS });
    expect(await cache.inspect('nothing')).toMatchObject({ status: 'negative' });
    await cache.set('k', 'v', { tags: ['t'] });
    await cache.clear({ tag: 't' });
    expect(await cache.inspect('k')).toEqual({ status: 'miss', reason: 'absent' });
  });

  it('honours a signal, a wrong key and a closed cache as lookup does', async () => {
    const cache = createCache<string>();
    const reason = new Error('enough');
    await expect(cache.inspect('k', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await expect(cache.inspect(1 as unknown as string)).rejects.toThrow(TypeError);
    await cache.close();
    await expect(cache.inspect('k')).rejects.toMatchObject({ code: 'CACHE_CLOSED' });
  });
});
