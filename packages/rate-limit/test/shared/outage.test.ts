import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLimiter, type SharedLimiter } from '../../src/limiter.js';
import type { SharedLimiterOptions } from '../../src/limiter-options.js';
import { MemoryLimitStore } from '../../src/shared/memory-limit-store.js';
import { FakeClock, settle } from '../support/fake-clock.js';
import { SlowStore } from '../support/slow-store.js';

const key = 'k';

function setup(count: number, options: Omit<SharedLimiterOptions, 'store'> = {}) {
  const clock = new FakeClock();
  const inner = new MemoryLimitStore(clock);
  const processes = Array.from({ length: count }, () => {
    const store = new SlowStore(inner, clock);
    const limiter = createLimiter({ clock, random: () => 0.5, store, queue: { maxWaitMs: 1e9 }, ...options });
    return { store, limiter };
  });
  return { clock, inner, processes };
}

/** Callers who send one call after the other, and when each began. */
function load(clock: FakeClock, limiter: SharedLimiter, callers: number, holdMs: number) {
  const at: number[] = [];
  let isRunning = true;
  const call = async (): Promise<void> => {
    while (isRunning) {
      const lease = await limiter.acquire({ key, inputTokens: 0, outputTokens: 0 });
      at.push(clock.now());
      await new Promise<void>((resolve) => void clock.schedule(resolve, holdMs));
      lease.settle();
    }
  };
  const all = Array.from({ length: callers }, call);
  const stop = (): Promise<unknown> => {
    isRunning = false;
    return Promise.all(all);
  };
  return { at, stop };
}

async function stopAll(clock: FakeClock, loads: readonly ReturnType<typeof load>[]): Promise<void> {
  const ends = loads.map(({ stop }) => stop());
  await clock.advance(60_000);
  await Promise.all(ends);
}

/** The most of these moments in any stretch beyond what a limit lets through in it. */
function excess(moments: readonly number[], perMinute: number): number {
  // The level of a bucket that may run into debt: how deep it gets is the answer.
  let debt = 0;
  let most = 0;
  let before = 0;
  for (const at of [...moments].sort((a, b) => a - b)) {
    debt = Math.max(0, debt - ((at - before) * perMinute) / 60_000) + 1;
    before = at;
    most = Math.max(most, debt);
  }
  return most;
}

describe('a store that cannot be used', () => {
  it('lets each process go on with its share, and come back by itself', async () => {
    const { clock, processes } = setup(4, { limits: { requestsPerMinute: 1200, burstMs: 500 } });
    const loads = processes.map(({ limiter }) => load(clock, limiter, 8, 50));
    const count = () => loads.reduce((sum, { at }) => sum + at.length, 0);
    await clock.advance(10_000);
    expect(processes.map(({ limiter }) => limiter.snapshot().store)).toEqual(Array(4).fill('ready'));
    const before = count();
    for (const { store } of processes) store.fate = 'refused';
    await clock.advance(20_000);
    expect(processes.map(({ limiter }) => limiter.snapshot().store)).toEqual(Array(4).fill('unavailable'));
    const alone = count() - before;
    expect(alone).toBeGreaterThan(0.95 * 400);
    expect(alone).toBeLessThanOrEqual(400 + 20);
    for (const { store } of processes) store.fate = 'arrives';
    await clock.advance(10_000);
    expect(processes.map(({ limiter }) => limiter.snapshot().store)).toEqual(Array(4).fill('ready'));
    const back = count();
    await clock.advance(10_000);
    expect(count() - back).toBeGreaterThan(0.97 * 200);
    // One burst at the start, and no more than another on the way out and back.
    const all = loads.flatMap(({ at }) => at);
    expect(excess(all, 1200)).toBeLessThanOrEqual(10 + 10 + 4);
    await stopAll(clock, loads);
  });

  it('holds nobody up for longer than its timeout', async () => {
    const { clock, processes } = setup(1, { limits: { requestsPerMinute: 600 } });
    const [first] = processes;
    if (first === undefined) throw new Error('none');
    (await first.limiter.acquire({ key })).settle();
    first.store.fate = 'lost';
    const calls = [1, 2, 3].map(() => first.limiter.acquire({ key }));
    await clock.advance(300);
    const waited = await Promise.all(calls.map(async (call) => (await call).waitedMs));
    expect(Math.max(...waited)).toBeLessThanOrEqual(300);
    // From then on it is not asked for each call.
    const asked = first.store.steps.length;
    expect((await first.limiter.acquire({ key })).waitedMs).toBe(0);
    expect(await first.limiter.tryAcquire({ key })).toBeDefined();
    expect(first.store.steps.length).toBeLessThanOrEqual(asked + 1);
  });

  it('has more time for its first answer, so that processes do not begin alone', async () => {
    const { clock, processes } = setup(1);
    const [first] = processes;
    if (first === undefined) throw new Error('none');
    first.store.latencyMs = 500;
    const call = first.limiter.acquire({ key });
    await clock.advance(1000);
    expect((await call).waitedMs).toBe(1000);
    expect(first.limiter.snapshot().store).toBe('ready');
  });

  it('is told what was taken meanwhile', async () => {
    const { clock, processes } = setup(2, { limits: { requestsPerDay: 100 }, adaptive: false });
    const [first, second] = processes;
    if (first === undefined || second === undefined) throw new Error('none');
    for (const { limiter } of processes) (await limiter.acquire({ key })).settle();
    (await first.limiter.acquire({ key })).settle();
    first.store.fate = 'refused';
    await first.limiter.acquire({ key });
    let taken = 1;
    while ((await first.limiter.tryAcquire({ key })) !== undefined) taken += 1;
    // Half of what there was, of 97.
    expect(taken).toBe(48);
    first.store.fate = 'arrives';
    await clock.advance(10_000);
    expect(await first.limiter.tryAcquire({ key })).toBeDefined();
    (await second.limiter.acquire({ key })).settle();
    expect(second.limiter.snapshot().keys[key]).toMatchObject({
      limits: { requestsPerDay: { used: 3 + taken + 2 } },
      concurrency: { used: taken + 1 },
    });
  });

  it('refuses nothing for being larger than a share, in a bucket or a window', async () => {
    for (const algorithm of ['bucket', 'window'] as const) {
      const limits = { tokensPerMinute: 10_000, algorithm };
      const { clock, processes } = setup(1, { limits, processes: 4 });
      const [first] = processes;
      if (first === undefined) throw new Error('none');
      first.store.fate = 'refused';
      const acquire = (inputTokens: number) => first.limiter.acquire({ key, inputTokens, outputTokens: 0 });
      await acquire(9000);
      const second = acquire(9000);
      // Four times as slow as the limit: what was taken beyond the share has to come back first.
      await clock.advance(algorithm === 'bucket' ? 200_000 : 30_000);
      await expect(acquire(10_001)).rejects.toMatchObject({ code: 'LIMIT_TOO_LARGE' });
      await clock.advance(60_000);
      expect((await second).waitedMs).toBeGreaterThan(60_000);
    }
  });

  it('heals when answers are lost: nothing stays taken of what nobody got', async () => {
    const { clock, processes } = setup(2, { limits: { maxConcurrent: 4 } });
    const [first, second] = processes;
    if (first === undefined || second === undefined) throw new Error('none');
    for (const { limiter } of processes) (await limiter.acquire({ key })).settle();
    first.store.fate = 'unanswered';
    const call = first.limiter.acquire({ key });
    await clock.advance(400);
    (await call).settle();
    first.store.fate = 'arrives';
    await clock.advance(10_000);
    expect(await first.limiter.tryAcquire({ key })).toBeDefined();
    await second.limiter.acquire({ key });
    expect(second.limiter.snapshot().keys[key]?.concurrency.used).toBe(2);
  });

  it('gives back what it granted too late', async () => {
    const { clock, processes } = setup(1, { limits: { requestsPerMinute: 60, burstMs: 5000 } });
    const [first] = processes;
    if (first === undefined) throw new Error('none');
    (await first.limiter.acquire({ key })).settle();
    first.store.latencyMs = 400;
    const calls = [1, 2, 3].map(() => first.limiter.acquire({ key }));
    await clock.advance(1000);
    await Promise.all(calls);
    first.store.latencyMs = 0;
    await clock.advance(10_000);
    await first.limiter.acquire({ key });
    // The three that were granted late are not counted besides the three that were granted alone.
    expect(first.limiter.snapshot().keys[key]?.limits.requestsPerMinute?.used).toBeLessThanOrEqual(5);
  });

  it('lets a process ask for its part when it was never heard', async () => {
    const { processes } = setup(1, { limits: { requestsPerMinute: 600, burstMs: 2000 }, processes: 4 });
    const [first] = processes;
    if (first === undefined) throw new Error('none');
    first.store.fate = 'refused';
    let taken = 0;
    while ((await first.limiter.tryAcquire({ key })) !== undefined) taken += 1;
    expect(taken).toBe(5);
  });
});

describe('whatever happens to the store', () => {
  const fates = ['arrives', 'arrives', 'lost', 'unanswered', 'refused'] as const;
  const events = fc.array(
    fc.record({
      gapMs: fc.nat(3000),
      process: fc.nat(2),
      fate: fc.constantFrom(...fates),
      latencyMs: fc.constantFrom(0, 0, 5, 200),
    }),
    { maxLength: 12 },
  );

  it('nobody is stuck, nothing leaks, and the limit is exceeded by no more than a burst for each change', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (script) => {
        const limits = { requestsPerMinute: 600, burstMs: 500, maxConcurrent: 20 };
        const { clock, inner, processes } = setup(3, { limits });
        const loads = processes.map(({ limiter }) => load(clock, limiter, 5, 100));
        await clock.advance(2000);
        for (const { gapMs, process, fate, latencyMs } of script) {
          await clock.advance(gapMs);
          Object.assign(processes[process]?.store ?? {}, { fate, latencyMs });
        }
        await clock.advance(3000);
        for (const { store } of processes) Object.assign(store, { fate: 'arrives', latencyMs: 0 });
        await clock.advance(8000);
        await stopAll(clock, loads);
        const all = loads.flatMap(({ at }) => at);
        // While some are cut off, they use their thirds besides what the others get.
        expect(excess(all, 1000)).toBeLessThanOrEqual(5 + 3 + script.length * 6);
        const probe = createLimiter({ clock, store: inner, limits });
        await probe.acquire({ key });
        await settle();
        expect(probe.snapshot().keys[key]?.concurrency.used).toBe(1);
      }),
      { numRuns: 40 },
    );
  });
});
