import { describe, expect, it } from 'vitest';
import { createCache } from '../src/index.js';
import { FakeClock } from './support/fake-clock.js';

describe('the time at which a value ends to be of use', () => {
  it.each([
    ['before the lifetime of the cache', { ttlMs: 1000 }, {}, 300, 300],
    ['of a cache whose entries live for ever', {}, {}, 300, 300],
    ['before a lifetime of its own', {}, { ttlMs: 1000 }, 300, 300],
    ['behind the lifetime of the cache, which then ends it', { ttlMs: 1000 }, {}, 3000, 1000],
    ['behind a lifetime of its own, which then ends it', {}, { ttlMs: 1000 }, 3000, 1000],
  ])('ends its lifetime, %s', async (_where, ofCache, ofEntry, inMs, livesMs) => {
    const clock = new FakeClock();
    await using cache = createCache<string>({ ...ofCache, clock });
    await cache.set('k', 'v', { ...ofEntry, expiresAt: clock.now() + inMs });
    clock.advance(livesMs - 1);
    expect(await cache.get('k')).toBe('v');
    clock.advance(1);
    expect(await cache.get('k')).toBeUndefined();
  });

  it('stores nothing when it has come, and removes what was stored', async () => {
    const clock = new FakeClock();
    await using cache = createCache<string>({ clock });
    await cache.set('k', 'v');
    await cache.set('k', 'w', { expiresAt: clock.now() });
    expect(await cache.lookup('k')).toMatchObject({ status: 'miss' });
  });

  it('is a number', async () => {
    await using cache = createCache<string>();
    await expect(cache.set('k', 'v', { expiresAt: '1' as never })).rejects.toThrow(
      'expiresAt must be a number, got string',
    );
    await expect(cache.set('k', 'v', { expiresAt: Number.NaN })).rejects.toThrow(RangeError);
  });
});
