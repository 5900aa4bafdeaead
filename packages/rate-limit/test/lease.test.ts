import { describe, expect, it } from 'vitest';
import { createLimiter, type Limiter } from '../src/limiter.js';
import type { Limits } from '../src/limits.js';
import { FakeClock } from './support/fake-clock.js';

const key = 'k';

function setup(limits: Limits): { clock: FakeClock; limiter: Limiter } {
  const clock = new FakeClock();
  return { clock, limiter: createLimiter({ clock, limits }) };
}

const used = (limiter: Limiter): number | undefined =>
  limiter.snapshot().keys[key]?.limits.tokensPerMinute?.used;
const open = (limiter: Limiter): number | undefined => limiter.snapshot().keys[key]?.concurrency.used;

describe('a lease', () => {
  it('gives back what was not used, and takes what was used beyond', async () => {
    const { limiter } = setup({ tokensPerMinute: 100_000, burstMs: 60_000 });
    const first = await limiter.acquire({ key, inputTokens: 1000, outputTokens: 4000 });
    expect(used(limiter)).toBe(5000);
    first.settle({ inputTokens: 900, outputTokens: 100 });
    expect(used(limiter)).toBe(1000);
    const second = await limiter.acquire({ key, inputTokens: 10, outputTokens: 10 });
    second.settle({ inputTokens: 500, outputTokens: 1500 });
    expect(used(limiter)).toBe(3000);
  });

  it('takes at least what the caller knows of the input, and never more than there can be', async () => {
    const { limiter } = setup({ tokensPerMinute: 10_000, burstMs: 60_000 });
    const reserved = (minInputTokens: number): number | undefined => {
      using lease = limiter.tryAcquire({ key, minInputTokens, outputTokens: 100 });
      return lease?.inputTokens;
    };
    (await limiter.acquire({ key })).settle({ inputTokens: 400, outputTokens: 100 });
    expect([0, 3000].map(reserved)).toEqual([500, 3000]);
    using large = createLimiter({ limits: { tokensPerMinute: 10_000, burstMs: 60_000 } }).tryAcquire({
      key,
      minInputTokens: 1_000_000,
    });
    expect(large).toMatchObject({ inputTokens: 10_000, outputTokens: 0 });
    expect(() => limiter.tryAcquire({ key, minInputTokens: -1 })).toThrow('minInputTokens must be 0 or more');
  });

  it('ends once', async () => {
    const { limiter } = setup({ tokensPerMinute: 10_000, burstMs: 60_000 });
    const other = await limiter.acquire({ key, inputTokens: 1, outputTokens: 0 });
    const lease = await limiter.acquire({ key, inputTokens: 100, outputTokens: 0 });
    lease.settle({ inputTokens: 50, outputTokens: 0 });
    lease.release();
    lease.settle({ inputTokens: 0, outputTokens: 0 });
    lease[Symbol.dispose]();
    expect([used(limiter), open(limiter)]).toEqual([51, 1]);
    other.release();
    other.release();
    expect([used(limiter), open(limiter)]).toEqual([50, 0]);
  });

  it('is given back whole when the call was not made', async () => {
    const { limiter } = setup({ requestsPerMinute: 60, tokensPerMinute: 60_000 });
    {
      await using lease = await limiter.acquire({ key, inputTokens: 300, outputTokens: 100 });
      expect([lease.inputTokens, lease.outputTokens, lease.key]).toEqual([300, 100, key]);
    }
    {
      using _ = await limiter.acquire({ key, inputTokens: 300, outputTokens: 100 });
    }
    const { limits } = limiter.snapshot().keys[key] ?? {};
    expect([limits?.requestsPerMinute?.used, limits?.tokensPerMinute?.used, open(limiter)]).toEqual([
      0, 0, 0,
    ]);
  });

  it('stands as reserved when a call ended without telling its usage', async () => {
    const { limiter } = setup({ tokensPerMinute: 60_000, burstMs: 60_000 });
    (await limiter.acquire({ key, inputTokens: 300, outputTokens: 100 })).settle();
    expect([used(limiter), open(limiter)]).toEqual([400, 0]);
    (await limiter.acquire({ key, inputTokens: 300, outputTokens: 100 })).settle({ outputTokens: 7 });
    expect(used(limiter)).toBe(707);
  });

  it("charges tokens from the provider's cache as the provider does", async () => {
    for (const [cachedInputWeight, expected] of [
      [1, 1100],
      [0, 200],
      [0.1, 290],
    ] as const) {
      const { limiter } = setup({ tokensPerMinute: 60_000, cachedInputWeight });
      const lease = await limiter.acquire({ key, inputTokens: 1000, outputTokens: 100 });
      lease.settle({ inputTokens: 1000, outputTokens: 100, cachedInputTokens: 900 });
      expect(used(limiter)).toBeCloseTo(expected);
    }
  });

  it('names a wrong usage and ends all the same', async () => {
    const { limiter } = setup({ tokensPerMinute: 60_000 });
    const lease = await limiter.acquire({ key, inputTokens: 10, outputTokens: 10 });
    expect(() => lease.settle({ inputTokens: Number.NaN, outputTokens: 1 })).toThrow(
      'inputTokens must be 0 or more, got NaN',
    );
    expect([used(limiter), open(limiter)]).toEqual([20, 0]);
  });

  it('makes room once it is accepted or kept for a while, where nothing is known of the limits', async () => {
    const { clock, limiter } = setup({});
    const leases = await Promise.all(Array.from({ length: 10 }, () => limiter.acquire({ key })));
    expect(limiter.tryAcquire({ key })).toBeUndefined();
    leases[0]?.accepted();
    leases[0]?.accepted();
    expect(limiter.tryAcquire({ key })).toBeDefined();
    expect(limiter.tryAcquire({ key })).toBeUndefined();
    const waiting = limiter.acquire({ key });
    await clock.advance(1000);
    expect((await waiting).waitedMs).toBe(1000);
    expect(open(limiter)).toBe(12);
  });

  it('wakes those who wait when it gives back', async () => {
    const { limiter } = setup({ tokensPerMinute: 1000, burstMs: 60_000 });
    const first = await limiter.acquire({ key, inputTokens: 1000, outputTokens: 0 });
    const second = limiter.acquire({ key, inputTokens: 500, outputTokens: 0 });
    first.settle({ inputTokens: 100, outputTokens: 100 });
    expect((await second).waitedMs).toBe(0);
  });
});

describe('what a request does not say', () => {
  it('is estimated from what calls of the key used', async () => {
    const { limiter } = setup({ tokensPerMinute: 1_000_000, burstMs: 60_000 });
    const first = await limiter.acquire({ key });
    expect(first.inputTokens).toBeGreaterThan(0);
    first.settle({ inputTokens: 200, outputTokens: 40 });
    for (let i = 0; i < 40; i++)
      (await limiter.acquire({ key })).settle({ inputTokens: 200, outputTokens: 40 });
    const later = await limiter.acquire({ key });
    expect([later.inputTokens, later.outputTokens]).toEqual([201, 41]);
  });

  it('leaves room for varying answers', async () => {
    const { limiter } = setup({ tokensPerMinute: 1_000_000, burstMs: 60_000 });
    for (let i = 0; i < 60; i++) {
      (await limiter.acquire({ key })).settle({ inputTokens: 10, outputTokens: i % 2 === 0 ? 100 : 300 });
    }
    const { outputTokens } = await limiter.acquire({ key });
    expect(outputTokens).toBeGreaterThan(250);
    expect(outputTokens).toBeLessThan(400);
  });

  it('is not learned from calls that were turned away', async () => {
    const { limiter } = setup({ tokensPerMinute: 1_000_000, burstMs: 60_000 });
    (await limiter.acquire({ key })).settle({ inputTokens: 200, outputTokens: 40 });
    const before = await limiter.acquire({ key });
    for (let i = 0; i < 10; i++) (await limiter.acquire({ key })).settle({ inputTokens: 0, outputTokens: 0 });
    const after = await limiter.acquire({ key });
    expect([after.inputTokens, after.outputTokens]).toEqual([before.inputTokens, before.outputTokens]);
  });

  it('is never estimated beyond the limit', async () => {
    const { limiter } = setup({ tokensPerMinute: 900, burstMs: 60_000 });
    const lease = await limiter.acquire({ key, inputTokens: 100 });
    expect(lease.outputTokens).toBe(800);
  });
});
