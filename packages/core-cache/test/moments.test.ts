import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCache } from '../src/index.js';
import { Moments } from '../src/moments.js';
import { FakeClock } from './support/fake-clock.js';

const times = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1 });

describe('moments', () => {
  it('only grow, and never tell of a time that has not come that it has', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 10_000 }), (nows, aheadMs) => {
        const moments = new Moments();
        let newest = moments.reach(1_000_000_000);
        for (const passed of nows) {
          const now = 1_000_000_000 + passed;
          const moment = moments.reach(now);
          expect(moment).toBeGreaterThanOrEqual(newest);
          newest = moment;
          const settledUntil = moments.of(now + aheadMs);
          expect(moments.reach(now + aheadMs)).toBeGreaterThanOrEqual(settledUntil);
        }
      }),
    );
  });

  it('leave what was settled behind when the clock is set back', () => {
    const moments = new Moments();
    moments.reach(1_000_000);
    const settledUntil = moments.of(1_010_000);
    expect(moments.reach(1_009_000)).toBeLessThan(settledUntil);
    expect(moments.reach(500_000)).toBeGreaterThan(settledUntil);
  });
});

describe('a hit in memory', () => {
  it('ends with the lifetime, to the millisecond, however often it was asked for', async () => {
    const clock = new FakeClock();
    await using cache = createCache<string>({ ttlMs: 105, clock });
    await cache.set('k', 'v');
    for (let passedMs = 0; passedMs < 105; passedMs += 1) {
      expect(cache.peek('k')).toMatchObject({ status: 'hit', ageMs: passedMs });
      clock.advance(1);
    }
    expect(cache.peek('k')).toEqual({ status: 'miss', reason: 'expired' });
    expect(await cache.get('k')).toBeUndefined();
  });

  it('is judged anew under a clock that was set back further than the lifetime', async () => {
    const clock = new FakeClock();
    await using cache = createCache<string>({ ttlMs: 100, clock });
    await cache.set('k', 'v');
    expect(await cache.get('k')).toBe('v');
    clock.advance(-50);
    expect(await cache.get('k')).toBe('v');
    clock.advance(-51);
    expect(await cache.get('k')).toBeUndefined();
  });
});
