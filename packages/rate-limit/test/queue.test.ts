import { describe, expect, it } from 'vitest';
import { createLimiter, type Limiter } from '../src/limiter.js';
import type { AcquireRequest, LimiterOptions } from '../src/limiter-options.js';
import { FakeClock, settle } from './support/fake-clock.js';

const key = 'k';

function setup(options: LimiterOptions = {}): { clock: FakeClock; limiter: Limiter } {
  const clock = new FakeClock();
  return {
    clock,
    limiter: createLimiter({
      clock,
      limits: { requestsPerMinute: 60 },
      queue: { maxWaitMs: 1e9 },
      ...options,
    }),
  };
}

/** Joins the queue one after the other; names appear in `served` as their turn comes. */
function join(
  limiter: Limiter,
  requests: readonly (Omit<AcquireRequest, 'key'> & { readonly name: string })[],
): string[] {
  const served: string[] = [];
  for (const { name, ...request } of requests) {
    void limiter.acquire({ key, inputTokens: 1, outputTokens: 0, ...request }).then((lease) => {
      served.push(name);
      lease.settle({ inputTokens: 1, outputTokens: 0 });
    });
  }
  return served;
}

describe('the queue', () => {
  it('is first come, first served', async () => {
    const { clock, limiter } = setup();
    const served = join(
      limiter,
      ['a', 'b', 'c', 'd'].map((name) => ({ name })),
    );
    await clock.advance(10_000);
    expect(served).toEqual(['a', 'b', 'c', 'd']);
  });

  it('serves the more urgent first', async () => {
    const { clock, limiter } = setup();
    await limiter.acquire({ key });
    const served = join(limiter, [
      { name: 'low', priority: -1 },
      { name: 'normal' },
      { name: 'high', priority: 1.5 },
    ]);
    await clock.advance(10_000);
    expect(served).toEqual(['high', 'normal', 'low']);
  });

  it('makes those who wait more urgent, so that none waits for ever', async () => {
    const { clock, limiter } = setup({ queue: { ageingMs: 2000, maxWaitMs: 1e9 } });
    await limiter.acquire({ key });
    const served = join(limiter, [{ name: 'low' }]);
    for (let i = 0; i < 6; i++) {
      served.push(...join(limiter, []));
      void limiter.acquire({ key, priority: 2 }).then((lease) => {
        served.push('high');
        lease.settle();
      });
      await clock.advance(1000);
    }
    expect(served.indexOf('low')).toBe(4);
  });

  it('serves by priority alone where waiting makes no one more urgent', async () => {
    const { clock, limiter } = setup({ queue: { ageingMs: Number.POSITIVE_INFINITY, maxWaitMs: 1e9 } });
    await limiter.acquire({ key });
    const served = join(
      limiter,
      ['a0', 'b1', 'c0', 'd1', 'e2'].map((name) => ({ name, priority: Number(name[1]) })),
    );
    await clock.advance(10_000);
    expect(served).toEqual(['e2', 'b1', 'd1', 'a0', 'c0']);
  });

  it('shares a key fairly between tenants, however long their lines', async () => {
    const { clock, limiter } = setup();
    await limiter.acquire({ key });
    const served = join(limiter, [
      ...['a1', 'a2', 'a3', 'a4', 'a5'].map((name) => ({ name, tenant: 'a' })),
      { name: 'b1', tenant: 'b' },
      { name: 'b2', tenant: 'b' },
      { name: 'c1', tenant: 'c' },
    ]);
    await clock.advance(20_000);
    expect(served).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4', 'a5']);
  });

  it('counts a tenant by what it takes, not by how often it asks', async () => {
    const { clock, limiter } = setup({ limits: { tokensPerMinute: 60_000, burstMs: 0 } });
    await limiter.acquire({ key, inputTokens: 1000, outputTokens: 0 });
    const served = join(limiter, [
      ...['A', 'A'].map((name) => ({ name, tenant: 'large', inputTokens: 3000 })),
      ...['b', 'b', 'b', 'b', 'b'].map((name) => ({ name, tenant: 'small', inputTokens: 1000 })),
    ]);
    await clock.advance(60_000);
    expect(served.join('')).toBe('AbbbAbb');
  });

  it('shares a key fairly with a tenant that makes one request after the other', async () => {
    const { clock, limiter } = setup();
    const served = { single: 0, crowd: 0 };
    const ask = async (tenant: keyof typeof served): Promise<void> => {
      for (;;) {
        const lease = await limiter.acquire({ key, tenant });
        served[tenant] += 1;
        lease.settle();
      }
    };
    for (const tenant of ['single', 'crowd', 'crowd', 'crowd'] as const)
      void ask(tenant).catch(() => undefined);
    await clock.advance(60_000);
    expect(served.single + served.crowd).toBe(61);
    expect(Math.abs(served.single - served.crowd)).toBeLessThanOrEqual(2);
    limiter.close();
  });

  it('does not let small requests starve a large one', async () => {
    const { clock, limiter } = setup({ limits: { tokensPerMinute: 60_000, burstMs: 1000 } });
    await limiter.acquire({ key, inputTokens: 1000, outputTokens: 0 });
    const served = join(limiter, [{ name: 'large', inputTokens: 30_000 }]);
    for (let i = 0; i < 50; i++) {
      void limiter.acquire({ key, inputTokens: 10, outputTokens: 0 }).then((lease) => {
        served.push('small');
        lease.settle();
      });
      await clock.advance(50);
    }
    expect(served[0]).toBe('large');
  });

  it('refuses at once, with a time to come back, when the wait cannot be met', async () => {
    const { limiter } = setup();
    for (let i = 0; i < 10; i++) void limiter.acquire({ key }).catch(() => undefined);
    await settle();
    const refusal = limiter.acquire({ key, deadlineMs: 5000 });
    await expect(refusal).rejects.toMatchObject({
      code: 'LIMIT_WAIT_TOO_LONG',
      retryable: true,
      retryAfterMs: 10_000,
      place: { position: 9, expectedWaitMs: 10_000 },
    });
    const urgent = limiter.acquire({ key, deadlineMs: 5000, priority: 1 });
    await settle();
    expect(limiter.snapshot().keys[key]?.queue.depth).toBe(10);
    limiter.close();
    await expect(urgent).rejects.toMatchObject({ code: 'LIMIT_CLOSED' });
  });

  it('refuses when the time is up, and the place goes to the next', async () => {
    const { clock, limiter } = setup({ limits: { maxConcurrent: 1 } });
    const first = await limiter.acquire({ key });
    const hasty = limiter.acquire({ key, deadlineMs: 3000 }).catch((error: unknown) => error);
    const patient = limiter.acquire({ key });
    await clock.advance(3000);
    expect(await hasty).toMatchObject({ code: 'LIMIT_WAIT_TOO_LONG' });
    first.release();
    await patient;
  });

  it('is bounded: the less urgent make room for the more urgent, the rest is turned away', async () => {
    const { limiter } = setup({ queue: { maxLength: 2, maxWaitMs: 1e9 } });
    await limiter.acquire({ key });
    const waiting = ['older', 'younger'].map(() => limiter.acquire({ key }).catch((error: unknown) => error));
    await settle();
    await expect(limiter.acquire({ key })).rejects.toMatchObject({
      code: 'LIMIT_QUEUE_FULL',
      retryAfterMs: 3000,
      hint: expect.stringContaining('Come back in 3 s, '),
    });
    expect(limiter.snapshot().keys[key]?.pressure).toBe('shedding');
    void limiter.acquire({ key, priority: 1 }).catch(() => undefined);
    expect(await waiting[1]).toMatchObject({ code: 'LIMIT_SHED', retryable: true });
    expect(limiter.snapshot().keys[key]).toMatchObject({
      queue: { depth: 2 },
      counts: { shed: 1, refused: 1 },
    });
    limiter.close();
  });

  it('refuses what is larger than the limit by itself', async () => {
    const { limiter } = setup({ limits: { tokensPerMinute: 1000 } });
    const refusal = limiter.acquire({ key, inputTokens: 900, outputTokens: 101 });
    await expect(refusal).rejects.toMatchObject({ code: 'LIMIT_TOO_LARGE', retryable: false });
    expect(() => limiter.tryAcquire({ key, inputTokens: 2000, outputTokens: 0 })).toThrow(
      'tokensPerMinute of 1000',
    );
  });

  it('tells the place and the wait', async () => {
    const { limiter } = setup();
    const places: unknown[] = [];
    for (let i = 0; i < 4; i++)
      void limiter.acquire({ key, onQueued: (place) => places.push(place) }).catch(() => undefined);
    await settle();
    expect(places).toEqual([
      { position: 0, expectedWaitMs: 1000 },
      { position: 1, expectedWaitMs: 2000 },
      { position: 2, expectedWaitMs: 3000 },
    ]);
    expect(limiter.snapshot().keys[key]).toMatchObject({
      queue: { depth: 3, expectedWaitMs: 4000 },
      pressure: 'queueing',
      limits: {
        requestsPerMinute: {
          limit: 60,
          used: 1,
          left: 59,
          ready: 0,
          resetAt: 1_700_000_001_000,
          source: 'configured',
        },
      },
    });
    limiter.close();
  });
});

describe('the expected wait', () => {
  it('follows from how long calls take, where only their number is limited', async () => {
    const { clock, limiter } = setup({ limits: { maxConcurrent: 2 } });
    for (let i = 0; i < 2; i++) {
      const lease = await limiter.acquire({ key });
      await clock.advance(3000);
      lease.settle();
    }
    for (let i = 0; i < 6; i++) void limiter.acquire({ key }).catch(() => undefined);
    await settle();
    // Two are served, four wait, one more would be the fifth: two and a half rounds of 3 s.
    expect(limiter.snapshot().keys[key]?.queue).toMatchObject({ depth: 4, expectedWaitMs: 7500 });
    await expect(limiter.acquire({ key, deadlineMs: 7000 })).rejects.toMatchObject({ retryAfterMs: 7500 });
    limiter.close();
  });

  it('counts on the rate that is being searched for to grow, and then on the one where the last 429 came', async () => {
    const { clock, limiter } = setup({ limits: {}, queue: {} });
    const expected = (): number => limiter.snapshot().keys[key]?.queue.expectedWaitMs ?? 0;
    for (let call = 0; call < 100; call++) {
      const lease = await limiter.acquire({ key });
      lease.accepted();
      lease.settle();
    }
    // 100 answers within an instant, 2,400 a minute: a thousand who wait would take 25 s of them.
    limiter.recordRateLimit(key, { 'retry-after-ms': '1' });
    for (let call = 0; call < 1000; call++) void limiter.acquire({ key }).catch(() => undefined);
    await settle();
    expect(expected()).toBeGreaterThan(1000);
    expect(expected()).toBeLessThan(6000);
    await clock.advance(1000);
    limiter.recordRateLimit(key, { 'retry-after-ms': '1' });
    expect(expected()).toBeGreaterThan(20_000);
    expect(expected()).toBeLessThan(30_000);
    limiter.close();
  });
});

describe('an abort', () => {
  it('ends the wait with the reason of the signal and leaves nothing behind', async () => {
    const { clock, limiter } = setup();
    await limiter.acquire({ key });
    const controller = new AbortController();
    const reason = { why: 'left' };
    const waiting = limiter.acquire({ key, signal: controller.signal }).catch((error: unknown) => error);
    await settle();
    expect(clock.timers).toBe(1);
    controller.abort(reason);
    expect(await waiting).toBe(reason);
    expect([limiter.snapshot().keys[key]?.queue.depth, clock.timers]).toEqual([0, 0]);
    await expect(limiter.acquire({ key, signal: controller.signal })).rejects.toBe(reason);
    expect(() => limiter.tryAcquire({ key, signal: controller.signal })).toThrow();
  });

  it('lets the next one go where the first was in the way', async () => {
    const { clock, limiter } = setup({ limits: { tokensPerMinute: 60_000, burstMs: 1000 } });
    limiter.tryAcquire({ key, inputTokens: 900, outputTokens: 0 });
    const controller = new AbortController();
    const large = limiter
      .acquire({ key, inputTokens: 1000, outputTokens: 0, signal: controller.signal })
      .catch(() => 'gone');
    const small = limiter.acquire({ key, inputTokens: 50, outputTokens: 0 });
    await settle();
    controller.abort();
    expect([await large, (await small).waitedMs]).toEqual(['gone', 0]);
    expect(clock.timers).toBe(0);
  });

  it('leaves no listener on a signal that lives on', async () => {
    const { clock, limiter } = setup({ limits: { requestsPerMinute: 6000, burstMs: 0 } });
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listeners -= 1;
      remove(...args);
    };
    const calls = Array.from({ length: 50 }, () => limiter.acquire({ key, signal }));
    await settle();
    expect(listeners).toBe(49);
    await clock.advance(1000);
    await Promise.all(calls);
    expect(listeners).toBe(0);
  });
});
