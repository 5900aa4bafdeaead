import { describe, expect, it } from 'vitest';
import { createLimiter, type Limiter } from '../src/limiter.js';
import type { LimiterOptions } from '../src/limiter-options.js';
import type { LimitSnapshot } from '../src/snapshot.js';
import { FakeClock } from './support/fake-clock.js';

const key = 'k';

function setup(options: LimiterOptions = {}): { clock: FakeClock; limiter: Limiter } {
  const clock = new FakeClock();
  return { clock, limiter: createLimiter({ clock, random: () => 0, ...options }) };
}

const requests = (limit: number, remaining: number, reset: string): Record<string, string> => ({
  'x-ratelimit-limit-requests': String(limit),
  'x-ratelimit-remaining-requests': String(remaining),
  'x-ratelimit-reset-requests': reset,
});

const limitOf = (limiter: Limiter): LimitSnapshot | undefined =>
  limiter.snapshot().keys[key]?.limits.requestsPerMinute;

/** How many may go at this very moment. */
function burst(limiter: Limiter): number {
  let count = 0;
  for (let lease = limiter.tryAcquire({ key }); lease !== undefined; lease = limiter.tryAcquire({ key })) {
    count += 1;
    lease.settle();
  }
  return count;
}

describe('learning from headers', () => {
  it('starts with few calls at once while nothing is known', () => {
    const { limiter } = setup();
    const leases = Array.from({ length: 50 }, () => limiter.tryAcquire({ key })).filter(
      (lease) => lease !== undefined,
    );
    expect(leases).toHaveLength(10);
    const free = setup({ adaptive: false }).limiter;
    expect(
      Array.from({ length: 50 }, () => free.tryAcquire({ key })).every((lease) => lease !== undefined),
    ).toBe(true);
  });

  it('takes over every limit that is told', () => {
    const { limiter } = setup();
    limiter.observe(key, {
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-input-tokens-limit': '40000',
      'anthropic-ratelimit-output-tokens-limit': '8000',
      'x-ratelimit-limit-tokens': '48000',
    });
    const state = limiter.snapshot().keys[key];
    expect(state?.learned).toBe(true);
    expect(Object.entries(state?.limits ?? {}).map(([name, { limit }]) => [name, limit])).toEqual([
      ['requestsPerMinute', 50],
      ['inputTokensPerMinute', 40_000],
      ['outputTokensPerMinute', 8000],
      ['tokensPerMinute', 48_000],
    ]);
  });

  it('counts the calls that are open when a limit becomes known', async () => {
    const { clock, limiter } = setup();
    const open = Array.from({ length: 5 }, () => limiter.tryAcquire({ key }));
    limiter.observe(key, requests(600, 9, '100ms'));
    expect(limitOf(limiter)).toMatchObject({ limit: 600, used: 5, ready: 0 });
    for (const lease of open) lease?.settle({ inputTokens: 1, outputTokens: 1 });
    await clock.advance(100);
    expect(burst(limiter)).toBe(1);
  });

  it('obeys the smaller of what is configured and what is told', () => {
    const { limiter } = setup({ limits: { requestsPerMinute: 500 } });
    limiter.observe(key, requests(10_000, 9999, '6ms'));
    expect(limitOf(limiter)?.limit).toBe(500);
    limiter.observe(key, requests(60, 59, '1s'));
    expect(limitOf(limiter)?.limit).toBe(60);
    limiter.observe(key, requests(300, 299, '200ms'));
    expect(limitOf(limiter)?.limit).toBe(300);
  });

  it('allows half of the burst that the provider seems to tolerate', async () => {
    const { clock, limiter } = setup();
    // 59 left and whole again in a second, at one a second: room for 60.
    limiter.observe(key, requests(60, 59, '1s'));
    await clock.advance(60_000);
    expect(burst(limiter)).toBe(30);
  });

  it('never takes a fixed window for a burst that comes back at once', async () => {
    const { clock, limiter } = setup();
    limiter.observe(key, requests(60, 50, '40s'));
    limiter.observe(key, requests(60, 10, '5s'));
    await clock.advance(60_000);
    // 10 left and 5 to come: at least 15 are tolerated, so half of that.
    expect(burst(limiter)).toBe(7);
  });

  it('believes that others have used up what it did not use itself', () => {
    const { limiter } = setup({ limits: { requestsPerMinute: 60, burstMs: 60_000 } });
    limiter.observe(key, requests(60, 3, '57s'));
    // What came back within the second that the header may be old is allowed for.
    expect(burst(limiter)).toBe(4);
  });

  it('tells a limit per day by its reset', async () => {
    const { clock, limiter } = setup();
    limiter.observe(key, requests(14_400, 14_399, '6s'));
    limiter.observe(key, requests(14_400, 2, '23h59m48s'));
    const { limits } = limiter.snapshot().keys[key] ?? {};
    expect(limits?.requestsPerMinute).toBeUndefined();
    expect(limits?.requestsPerDay).toMatchObject({ limit: 14_400 });
    expect(burst(limiter)).toBe(2);
    await clock.advance(60_000);
    expect(burst(limiter)).toBe(0);
  });

  it('takes no limit per minute for one per day because its own clock is a little slow', () => {
    const reset = (ms: number, others: Record<string, string> = {}) => {
      const { clock, limiter } = setup();
      limiter.observe(key, {
        'anthropic-ratelimit-requests-limit': '60',
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': new Date(clock.wallNow() + ms).toISOString(),
        ...others,
      });
      return Object.keys(limiter.inspect(key)?.limits ?? {});
    };
    expect(reset(63_000)).toEqual(['requestsPerMinute']);
    expect(reset(130_000)).toEqual(['requestsPerDay']);
    const date = new Date(new FakeClock().wallNow()).toUTCString();
    expect(reset(63_000, { date })).toEqual(['requestsPerDay']);
  });

  it('believes that a day is used up only until the time at which the provider says it ends', async () => {
    const { clock, limiter } = setup();
    limiter.observe(key, requests(1000, 500, '12h'));
    await clock.advance(12 * 3_600_000 - 30_000);
    limiter.observe(key, requests(1000, 0, '30s'));
    expect(limiter.inspect(key)?.limits.requestsPerDay?.ready).toBeCloseTo(0, 1);
    const refusal = limiter.acquire({ key, deadlineMs: 29_000 });
    await expect(refusal).rejects.toMatchObject({ code: 'LIMIT_WAIT_TOO_LONG', retryAfterMs: 30_000 });
    const next = limiter.acquire({ key });
    await clock.advance(30_000);
    expect((await next).waitedMs).toBe(30_000);
    limiter.observe(key, requests(1000, 999, '23h59m59s'));
    expect(limiter.inspect(key)?.limits.requestsPerDay).toMatchObject({ used: 1, left: 999 });
  });

  it('goes on probing the pace when only a limit per day is known', () => {
    const { limiter } = setup({ limits: { requestsPerDay: 1000 } });
    const leases = Array.from({ length: 50 }, () => limiter.tryAcquire({ key })).filter(
      (lease) => lease !== undefined,
    );
    expect(leases).toHaveLength(10);
  });

  it('tells where a limit comes from: the smaller of what was configured and learned, or what it found out', () => {
    const source = (limiter: ReturnType<typeof setup>['limiter']) =>
      limiter.snapshot().keys[key]?.limits.requestsPerMinute?.source;
    const { limiter } = setup({ limits: { requestsPerMinute: 100 } });
    limiter.tryAcquire({ key })?.settle();
    expect(source(limiter)).toBe('configured');
    limiter.observe(key, requests(100, 90, '1s'));
    expect(source(limiter)).toBe('configured');
    limiter.observe(key, requests(60, 50, '1s'));
    expect(source(limiter)).toBe('learned');

    const other = setup();
    const leases = Array.from({ length: 10 }, () => other.limiter.tryAcquire({ key }));
    for (const lease of leases.slice(0, 6)) {
      lease?.settle();
      other.limiter.recordSuccess(key);
    }
    other.limiter.recordRateLimit(key, {});
    expect(source(other.limiter)).toBe('probed');
  });

  it('takes any name for a key', () => {
    const { limiter } = setup({ keys: { a: { requestsPerMinute: 1 } } });
    for (const name of ['__proto__', 'constructor']) limiter.tryAcquire({ key: name })?.settle();
    const { keys } = limiter.snapshot();
    expect(Object.keys(keys)).toEqual(['__proto__', 'constructor']);
    expect(Object.entries(keys).map(([, state]) => state.counts.granted)).toEqual([1, 1]);
  });

  it('ignores what makes no sense', () => {
    const { limiter } = setup();
    limiter.observe(key, requests(0, 0, '1s'));
    limiter.observe(key, { 'x-ratelimit-remaining-requests': '5' });
    expect(limiter.snapshot().keys[key]).toMatchObject({ learned: false, limits: {} });
  });

  it('keeps to a token limit although nobody says how many tokens a call takes', async () => {
    const { clock, limiter } = setup({
      limits: { tokensPerMinute: 60_000, burstMs: 1000 },
      queue: { maxWaitMs: 1e9 },
    });
    let tokens = 0;
    const call = async (): Promise<void> => {
      const lease = await limiter.acquire({ key });
      tokens += 1500;
      await new Promise<void>((resolve) => void clock.schedule(resolve, 5000));
      lease.settle({ inputTokens: 1000, outputTokens: 500 });
    };
    const calls = Array.from({ length: 100 }, () => call());
    await clock.advance(60_000);
    expect(tokens).toBeLessThanOrEqual(61_000 + 1500);
    expect(tokens).toBeGreaterThan(0.85 * 60_000);
    await clock.advance(300_000);
    await Promise.all(calls);
  });

  it('forgets the keys that are idle for longest, never those with limits of their own or in use', () => {
    const { limiter } = setup({ maxKeys: 10 });
    limiter.setLimits('own', { requestsPerMinute: 1 });
    const open = limiter.tryAcquire({ key: 'open' });
    for (let i = 0; i < 100; i++) limiter.tryAcquire({ key: `k${i}` })?.settle();
    const keys = Object.keys(limiter.snapshot().keys);
    expect(keys.length).toBeLessThanOrEqual(10);
    expect(keys).toEqual(expect.arrayContaining(['own', 'open', 'k99']));
    open?.release();
  });
});
