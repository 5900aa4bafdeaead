import { describe, expect, it } from 'vitest';
import { createBreaker, createLimiter, sumWaits, waitPercentile } from '../src/index.js';
import { FakeClock } from './support/fake-clock.js';

const key = 'k';

describe('the history of a limiter', () => {
  it('has refusals by the upstream with what it asked for, waits, and refusals of our own', async () => {
    const clock = new FakeClock();
    const limiter = createLimiter({
      clock,
      random: () => 0,
      adaptive: false,
      limits: { requestsPerMinute: 60 },
      queue: { maxWaitMs: 5000 },
    });
    await limiter.acquire({ key });
    const waits = limiter.acquire({ key });
    await clock.advance(1000);
    await waits;
    limiter.recordRateLimit(key, { 'retry-after': '30' });
    await expect(limiter.acquire({ key })).rejects.toMatchObject({ code: 'LIMIT_WAIT_TOO_LONG' });
    const at = clock.wallNow();
    expect(limiter.history()).toEqual([
      { at, key, kind: 'rate-limited', retryAfterMs: 30_000, pauseMs: 30_000 },
      { at, key, kind: 'waited', waitedMs: 1000 },
      { at, key, kind: 'refused', code: 'LIMIT_WAIT_TOO_LONG', retryAfterMs: 30_000 },
    ]);
    expect(limiter.snapshot().keys[key]).toMatchObject({
      counts: { granted: 2, refused: 1, rateLimited: 1 },
      waits: { count: 1, totalMs: 1000, longestMs: 1000 },
    });
  });

  it('is bounded, and forgets the oldest of a kind alone', () => {
    const clock = new FakeClock();
    const limiter = createLimiter({ clock, random: () => 0 });
    limiter.recordRateLimit('first', { 'retry-after': '1' });
    for (let index = 0; index < 500; index++) limiter.recordRateLimit(`k${index}`, { 'retry-after': '1' });
    const keys = limiter.history().map((event) => event.key);
    expect(keys).toHaveLength(200);
    expect([...keys].sort()).toEqual(Array.from({ length: 200 }, (_, index) => `k${300 + index}`).sort());
  });
});

describe('the history of a breaker', () => {
  it('has each change of state', async () => {
    const clock = new FakeClock();
    const breaker = createBreaker({ clock, failures: 2, random: () => 0 });
    for (let round = 0; round < 2; round++) breaker.enter('api').failed();
    const openedAt = clock.wallNow();
    await clock.advance(1000);
    breaker.enter('api').succeeded();
    const at = clock.wallNow();
    expect(breaker.history()).toEqual([
      { at, key: 'api', state: 'closed' },
      { at, key: 'api', state: 'half-open' },
      { at: openedAt, key: 'api', state: 'open' },
    ]);
    expect(breaker.snapshot().api).toMatchObject({ state: 'closed', openings: 1 });
  });
});

describe('waits', () => {
  it('add up, and their percentiles are off by a twelfth at most', async () => {
    const clock = new FakeClock();
    const limiter = createLimiter({
      clock,
      adaptive: false,
      limits: { requestsPerMinute: 60_000 },
      queue: { maxWaitMs: 1e6 },
    });
    limiter.setLimits('other', { requestsPerMinute: 60 });
    const calls = Array.from({ length: 100 }, () => limiter.acquire({ key: 'other' }));
    await clock.advance(120_000);
    await Promise.all(calls);
    const waits = limiter.snapshot().keys.other?.waits;
    if (waits === undefined) throw new Error('There is no such key.');
    const twice = sumWaits([waits, waits]);
    expect(twice.count).toBe(waits.count * 2);
    expect(twice.longestMs).toBe(waits.longestMs);
    const middle = (waits.longestMs + 1000) / 2;
    for (const all of [waits, twice]) {
      expect(waitPercentile(all, 0.5)).toBeGreaterThan((middle * 11) / 12);
      expect(waitPercentile(all, 0.5)).toBeLessThan((middle * 13) / 12);
      expect(waitPercentile(all, 1)).toBeLessThanOrEqual(waits.longestMs);
    }
    expect(waitPercentile(sumWaits([]), 0.5)).toBeUndefined();
  });
});
