import { describe, expect, it } from 'vitest';
import { LimitError } from '../src/errors.js';
import { createLimiter, type Limiter } from '../src/limiter.js';
import type { LimiterOptions } from '../src/limiter-options.js';
import { FakeClock, settle } from './support/fake-clock.js';

function setup(options: LimiterOptions = {}): { clock: FakeClock; limiter: Limiter } {
  const clock = new FakeClock();
  return { clock, limiter: createLimiter({ clock, random: () => 0.5, ...options }) };
}

const key = 'openai:gpt';

describe('acquire', () => {
  it('paces requests at the limit', async () => {
    const { clock, limiter } = setup({ limits: { requestsPerMinute: 60 } });
    const at: number[] = [];
    const calls = [1, 2, 3, 4].map(async () => {
      const lease = await limiter.acquire({ key });
      at.push(Math.round(clock.now()));
      lease.settle({ inputTokens: 1, outputTokens: 1 });
    });
    await clock.advance(10_000);
    await Promise.all(calls);
    expect(at).toEqual([0, 1000, 2000, 3000]);
  });

  it('counts each request once, waited for or not', async () => {
    const { clock, limiter } = setup({ limits: { requestsPerMinute: 600, burstMs: 1000 } });
    const calls = Array.from({ length: 15 }, () => limiter.acquire({ key }));
    await clock.advance(500);
    for (const call of calls) (await call).settle({ inputTokens: 5, outputTokens: 5 });
    expect(limiter.snapshot().keys[key]?.limits.requestsPerMinute?.used).toBe(15);
  });

  it('takes all limits or none', async () => {
    const { clock, limiter } = setup({
      limits: {
        requestsPerMinute: 600,
        inputTokensPerMinute: 60_000,
        outputTokensPerMinute: 60_000,
        burstMs: 1000,
      },
    });
    expect(limiter.tryAcquire({ key, inputTokens: 900, outputTokens: 0 })).toBeDefined();
    const before = limiter.snapshot().keys[key]?.limits;
    expect(limiter.tryAcquire({ key, inputTokens: 900, outputTokens: 10 })).toBeUndefined();
    expect(limiter.snapshot().keys[key]?.limits).toEqual(before);
    await clock.advance(900);
    expect(limiter.tryAcquire({ key, inputTokens: 900, outputTokens: 10 })).toBeDefined();
  });

  it('keeps keys apart', () => {
    const { limiter } = setup({
      limits: { requestsPerMinute: 60 },
      keys: { b: { requestsPerMinute: 120, burstMs: 1000 } },
    });
    expect(limiter.tryAcquire({ key: 'a' })).toBeDefined();
    expect(limiter.tryAcquire({ key: 'a' })).toBeUndefined();
    expect(limiter.tryAcquire({ key: 'b' })).toBeDefined();
    expect(limiter.tryAcquire({ key: 'b' })).toBeDefined();
    expect(limiter.tryAcquire({ key: 'b' })).toBeUndefined();
  });

  it('never exceeds requests per day', async () => {
    const { clock, limiter } = setup({ limits: { requestsPerDay: 5 } });
    for (let i = 0; i < 5; i++) limiter.tryAcquire({ key })?.settle();
    await expect(limiter.acquire({ key })).rejects.toMatchObject({ code: 'LIMIT_WAIT_TOO_LONG' });
    await clock.advance(23 * 3_600_000);
    expect(limiter.tryAcquire({ key })).toBeUndefined();
    await clock.advance(2 * 3_600_000);
    expect(limiter.tryAcquire({ key })).toBeDefined();
  });

  it('holds concurrency, and gives the place on as soon as a lease ends', async () => {
    const { clock, limiter } = setup({ limits: { maxConcurrent: 1 } });
    const first = await limiter.acquire({ key });
    const second = limiter.acquire({ key });
    await clock.advance(5000);
    first.settle({ inputTokens: 1, outputTokens: 1 });
    expect((await second).waitedMs).toBe(5000);
  });

  it('sets no timer while nobody waits, and one for all who wait', async () => {
    const { clock, limiter } = setup({ limits: { requestsPerMinute: 60 } });
    const lease = await limiter.acquire({ key });
    lease.settle({ inputTokens: 1, outputTokens: 1 });
    expect(clock.scheduled).toBe(0);
    const waiting = ['a', 'b', 'c', key, key].map((name) =>
      Promise.all([limiter.acquire({ key: name }), limiter.acquire({ key: name })]),
    );
    await settle();
    expect(clock.timers).toBe(1);
    await clock.advance(60_000);
    await Promise.all(waiting);
    expect(clock.timers).toBe(0);
  });

  it('rejects a mistake by its name', async () => {
    const { limiter } = setup();
    await expect(limiter.acquire({ key: '' })).rejects.toThrow(TypeError);
    await expect(limiter.acquire({ key, inputTokens: -1 })).rejects.toThrow(
      'inputTokens must be 0 or more, got -1',
    );
    await expect(limiter.acquire({ key, outputTokens: Number.NaN })).rejects.toThrow(RangeError);
    await expect(limiter.acquire({ key, deadlineMs: -1 })).rejects.toThrow('deadlineMs');
    expect(() => createLimiter({ limits: { requestsPerMinute: 0 } })).toThrow(
      'limits.requestsPerMinute must be above 0, got 0',
    );
    expect(() => createLimiter({ keys: { a: { maxConcurrent: 1.5 } } })).toThrow('keys["a"].maxConcurrent');
    expect(() => createLimiter({ queue: { maxWaitMs: -1 } })).toThrow('queue.maxWaitMs');
    expect(() => limiter.setLimits(key, { burstMs: 1e9 })).toThrow('limits.burstMs');
  });

  it('accepts fractions: one request in two minutes', async () => {
    const { clock, limiter } = setup({ limits: { requestsPerMinute: 0.5 } });
    expect(limiter.tryAcquire({ key })).toBeDefined();
    await clock.advance(119_000);
    expect(limiter.tryAcquire({ key })).toBeUndefined();
    await clock.advance(1000);
    expect(limiter.tryAcquire({ key })).toBeDefined();
  });

  it('is refused by a closed limiter, waiting or new', async () => {
    const { clock, limiter } = setup({ limits: { requestsPerMinute: 1 } });
    const lease = await limiter.acquire({ key });
    const waiting = limiter.acquire({ key, deadlineMs: 60_000 });
    await settle();
    limiter.close();
    await limiter[Symbol.asyncDispose]();
    await expect(waiting).rejects.toMatchObject({ code: 'LIMIT_CLOSED', retryable: false });
    await expect(limiter.acquire({ key })).rejects.toSatisfy(LimitError.isInstance);
    expect(() => limiter.tryAcquire({ key })).toThrow('closed');
    expect(clock.timers).toBe(0);
    lease.settle({ inputTokens: 1, outputTokens: 1 });
  });
});

describe('acquireAtOnce', () => {
  it('gives a lease where nobody waits and there is room, and leaves the others to acquire', async () => {
    const { clock, limiter } = setup({ limits: { maxConcurrent: 2 } });
    const leases = [limiter.acquireAtOnce({ key }), limiter.acquireAtOnce({ key })];
    expect(leases.map((lease) => lease?.waitedMs)).toEqual([0, 0]);
    expect(limiter.acquireAtOnce({ key })).toBeUndefined();
    const first = limiter.acquire({ key });
    const second = limiter.acquire({ key });
    leases[0]?.settle();
    await clock.advance(10);
    await first;
    // A place may be free next, and is for who waits.
    expect(limiter.acquireAtOnce({ key })).toBeUndefined();
    leases[1]?.settle();
    await clock.advance(10);
    await second;
    expect(limiter.snapshot().keys[key]?.counts.granted).toBe(4);
  });

  it('fails with the reason of an aborted signal, and when the limiter is closed', () => {
    const { limiter } = setup();
    const reason = new Error('left');
    expect(() => limiter.acquireAtOnce({ key, signal: AbortSignal.abort(reason) })).toThrow(reason);
    limiter.close();
    expect(() => limiter.acquireAtOnce({ key })).toThrow(expect.objectContaining({ code: 'LIMIT_CLOSED' }));
  });
});

describe('a limit changed while running', () => {
  it('goes on refilling, faster or slower', async () => {
    const { clock, limiter } = setup({ limits: { requestsPerMinute: 60 } });
    await limiter.acquire({ key });
    const second = limiter.acquire({ key });
    await clock.advance(500);
    limiter.setLimits(key, { requestsPerMinute: 600 });
    await clock.advance(51);
    await second;
    limiter.setLimits(key, { requestsPerMinute: 6 });
    const third = limiter.acquire({ key });
    await clock.advance(10_000);
    await third;
  });

  it('may be counted in another way', async () => {
    const { clock, limiter } = setup({ limits: { requestsPerMinute: 60, algorithm: 'window' } });
    const leases = Array.from({ length: 61 }, () => limiter.tryAcquire({ key }));
    expect(leases.filter((lease) => lease !== undefined)).toHaveLength(60);
    for (const lease of leases) lease?.settle();
    limiter.setLimits(key, { requestsPerMinute: 120, algorithm: 'window' });
    expect(limiter.snapshot().keys[key]?.limits.requestsPerMinute).toMatchObject({ used: 60, left: 60 });
    await clock.advance(61_001);
    expect(limiter.snapshot().keys[key]?.limits.requestsPerMinute).toMatchObject({ used: 0, left: 120 });
    limiter.setLimits(key, { requestsPerMinute: 60, algorithm: 'bucket' });
    limiter.setLimits(key, { requestsPerMinute: 60, algorithm: 'window' });
    expect(limiter.tryAcquire({ key })).toBeDefined();
  });

  it('refuses those who wait for more than there will ever be', async () => {
    const { limiter } = setup({ limits: { tokensPerMinute: 6000 } });
    limiter.tryAcquire({ key, inputTokens: 3000, outputTokens: 0 });
    const waiting = limiter.acquire({ key, inputTokens: 5000, outputTokens: 0 });
    await settle();
    limiter.setLimits(key, { tokensPerMinute: 4000 });
    await expect(waiting).rejects.toMatchObject({ code: 'LIMIT_TOO_LARGE', retryable: false });
  });

  it('can be lifted', async () => {
    const { limiter } = setup({ keys: { [key]: { requestsPerMinute: 1 } } });
    await limiter.acquire({ key });
    const second = limiter.acquire({ key, deadlineMs: 60_000 });
    await settle();
    limiter.setLimits(key, {});
    await second;
  });

  it('tells of one key what the snapshot tells of all', () => {
    const limiter = createLimiter({ limits: { requestsPerMinute: 5 } });
    expect(limiter.inspect('a')).toBeUndefined();
    limiter.tryAcquire({ key: 'a' })?.settle();
    expect(limiter.inspect('a')?.limits.requestsPerMinute).toMatchObject({ limit: 5, used: 1 });
    expect(limiter.inspect('b')).toBeUndefined();
  });
});
