import { describe, expect, it } from 'vitest';
import { createLimiter, type Limiter } from '../src/limiter.js';
import type { LimiterOptions } from '../src/limiter-options.js';
import { FakeClock, settle } from './support/fake-clock.js';

const key = 'k';

function setup(options: LimiterOptions = {}): { clock: FakeClock; limiter: Limiter } {
  const clock = new FakeClock();
  return { clock, limiter: createLimiter({ clock, random: () => 0, ...options }) };
}

describe('a 429', () => {
  it('closes the key for everyone until its time, and no other key', async () => {
    const { clock, limiter } = setup({ limits: { requestsPerMinute: 600 } });
    expect(limiter.recordRateLimit(key, { 'retry-after': '7' })).toBe(7000);
    expect(limiter.tryAcquire({ key })).toBeUndefined();
    expect(limiter.tryAcquire({ key: 'other' })).toBeDefined();
    const waiting = [limiter.acquire({ key }), limiter.acquire({ key })];
    await clock.advance(6999);
    expect(limiter.snapshot().keys[key]).toMatchObject({
      queue: { depth: 2 },
      gate: { state: 'closed', reason: 'rate-limit' },
    });
    await clock.advance(2000);
    expect((await Promise.all(waiting)).map((lease) => lease.key)).toEqual([key, key]);
  });

  it('closes nothing for longer than a day', () => {
    expect(setup().limiter.recordRateLimit(key, { 'retry-after': '9999999999' })).toBe(86_400_000);
  });

  it('opens with jitter, so that processes do not all come back at once', () => {
    const { limiter } = setup({ random: () => 0.5 });
    expect(limiter.recordRateLimit(key, { 'retry-after': '7' })).toBe(7350);
  });

  it('never shortens the pause of an earlier one, but may prolong it', () => {
    const { limiter } = setup();
    limiter.recordRateLimit(key, { 'retry-after': '10' });
    expect(limiter.recordRateLimit(key, { 'retry-after': '2' })).toBe(10_000);
    expect(limiter.recordRateLimit(key, {})).toBe(10_000);
    expect(limiter.recordRateLimit(key, { 'retry-after': '30' })).toBe(30_000);
  });

  it('takes the pause from its own headers, not from an earlier one', async () => {
    const { clock, limiter } = setup();
    limiter.recordRateLimit(key, { 'retry-after': '1' });
    await clock.advance(1000);
    expect(limiter.recordRateLimit(key, { 'retry-after': '20' })).toBe(20_000);
  });

  it('without a time backs off longer with each in a row, and starts over after a success', async () => {
    const { clock, limiter } = setup();
    const pauses: number[] = [];
    for (let i = 0; i < 8; i++) {
      pauses.push(limiter.recordRateLimit(key));
      await clock.advance(120_000);
    }
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    limiter.recordSuccess(key);
    expect(limiter.recordRateLimit(key)).toBe(500);
  });

  it('does not come back at once because the server says so', () => {
    const { limiter } = setup();
    expect(limiter.recordRateLimit(key, { 'retry-after': '0' })).toBe(500);
  });

  it('counts a hundred at the same time as one', () => {
    const { limiter } = setup();
    const pauses = Array.from({ length: 100 }, () => limiter.recordRateLimit(key));
    expect(new Set(pauses)).toEqual(new Set([500]));
  });

  it('waits for a known reset rather than longer', () => {
    const { limiter } = setup();
    const headers = {
      'x-ratelimit-limit-requests': '600',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '300ms',
    };
    expect(limiter.recordRateLimit(key, headers)).toBe(300);
  });

  it('refuses at once those who cannot wait for it, and lets the others', async () => {
    const { clock, limiter } = setup({ limits: { requestsPerMinute: 60 } });
    await limiter.acquire({ key });
    const hasty = limiter.acquire({ key, deadlineMs: 5000 }).catch((error: unknown) => error);
    const patient = limiter.acquire({ key });
    await settle();
    limiter.recordRateLimit(key, { 'retry-after': '20' });
    expect(await hasty).toMatchObject({ code: 'LIMIT_WAIT_TOO_LONG', retryable: true, retryAfterMs: 20_000 });
    await expect(limiter.acquire({ key, deadlineMs: 5000 })).rejects.toMatchObject({ retryAfterMs: 20_000 });
    await clock.advance(22_000);
    expect((await patient).waitedMs).toBeGreaterThanOrEqual(20_000);
  });

  it('leaves nothing saved up, so the key does not open with a burst', async () => {
    const { clock, limiter } = setup({ limits: { requestsPerMinute: 600, burstMs: 10_000 } });
    limiter.recordRateLimit(key, { 'retry-after-ms': '100' });
    await clock.advance(100);
    expect(limiter.tryAcquire({ key })).toBeDefined();
    expect(limiter.tryAcquire({ key })).toBeUndefined();
  });

  it('is not undone by the refunds of those it hit', async () => {
    const { clock, limiter } = setup({ limits: { requestsPerMinute: 600, burstMs: 1000 } });
    const hit = Array.from({ length: 10 }, () => limiter.tryAcquire({ key }));
    await clock.advance(1);
    limiter.recordRateLimit(key, { 'retry-after-ms': '100' });
    for (const lease of hit) lease?.release();
    await clock.advance(100);
    expect(limiter.tryAcquire({ key })).toBeDefined();
    expect(limiter.tryAcquire({ key })).toBeUndefined();
  });
});

describe('failures', () => {
  it('close nothing, however many', () => {
    const { limiter } = setup();
    for (let i = 0; i < 500; i++) limiter.recordFailure(key);
    expect(limiter.tryAcquire({ key })).toBeDefined();
    expect(limiter.snapshot().keys[key]).toMatchObject({ gate: { state: 'open' }, counts: { failed: 500 } });
  });

  it('advise the caller to pause, less than a 429 does, and longer with each in a row', async () => {
    const { clock, limiter } = setup({ random: () => 0.5 });
    const pauses: number[] = [];
    for (let i = 0; i < 8; i++) {
      pauses.push(limiter.recordFailure(key));
      await clock.advance(pauses.at(-1) ?? 0);
    }
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
    expect(pauses[0]).toBeLessThan(limiter.recordRateLimit(key));
  });

  it('of calls that were on their way together are one outage', async () => {
    const { clock, limiter } = setup({ random: () => 0.5 });
    const pauses = Array.from({ length: 500 }, () => limiter.recordFailure(key));
    expect(new Set(pauses)).toEqual(new Set([250]));
    await clock.advance(250);
    expect(limiter.recordFailure(key)).toBe(500);
  });

  it('are forgiven by a success, reported or settled', async () => {
    const { clock, limiter } = setup({ random: () => 0.5 });
    const lease = await limiter.acquire({ key });
    for (const forgive of [
      () => lease.settle({ inputTokens: 1, outputTokens: 1 }),
      () => limiter.recordSuccess(key),
    ]) {
      for (const pauseMs of [250, 500]) {
        expect(limiter.recordFailure(key)).toBe(pauseMs);
        await clock.advance(pauseMs);
      }
      forgive();
    }
    expect(limiter.recordFailure(key)).toBe(250);
  });
});
