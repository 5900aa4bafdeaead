import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyLimiter, createLimiter } from '../src/limiter.js';
import { PROBE } from '../src/probe.js';
import { MemoryLimitStore } from '../src/shared/memory-limit-store.js';
import { FakeClock } from './support/fake-clock.js';
import { FakeProvider, type FakeProviderOptions } from './support/fake-provider.js';
import { seededRandom } from './support/random.js';
import { SlowStore } from './support/slow-store.js';

const key = 'provider';

interface Burst {
  readonly calls: number;
  /** Until the provider has begun to answer, or has turned the call away. */
  readonly beginsAfterMs: () => number;
  /** How long an answer goes on. */
  readonly lastsMs: number;
  readonly clock: FakeClock;
  readonly provider: FakeProvider;
}

/** Calls that all come at once, and that are sent again when they are turned away. */
class ColdBurst {
  begun = 0;
  ended = 0;
  rejections = 0;
  readonly refusals: unknown[] = [];
  readonly #burst: Burst;

  constructor(burst: Burst, limiters: readonly AnyLimiter[]) {
    this.#burst = burst;
    for (let i = 0; i < burst.calls; i++) void this.#call(limiters[i % limiters.length] ?? createLimiter());
  }

  async #call(limiter: AnyLimiter): Promise<void> {
    const { beginsAfterMs, lastsMs, provider } = this.#burst;
    try {
      for (;;) {
        const lease = await limiter.acquire({ key });
        const { ok } = provider.ask(1);
        // Whoever turns calls away does so at once.
        await this.#pass(ok ? beginsAfterMs() : 50);
        if (!ok) {
          this.rejections += 1;
          lease.settle({ inputTokens: 0, outputTokens: 0 });
          limiter.recordRateLimit(key);
          continue;
        }
        lease.accepted();
        this.begun += 1;
        await this.#pass(lastsMs);
        lease.settle({ inputTokens: 1, outputTokens: 1 });
        this.ended += 1;
        return;
      }
    } catch (error) {
      this.refusals.push(error);
    }
  }

  #pass(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#burst.clock.schedule(resolve, ms));
  }
}

function setup(options: Partial<Burst> & Omit<FakeProviderOptions, 'clock' | 'headers'>) {
  const clock = new FakeClock();
  const provider = new FakeProvider({ clock, headers: 'none', ...options });
  const random = seededRandom(20_261_130);
  const burst = {
    calls: 3000,
    lastsMs: 30_000,
    clock,
    provider,
    beginsAfterMs: () => 100 + random() * 200,
    ...options,
  };
  return { clock, burst, random };
}

const kinds = [
  ['alone', (clock: FakeClock, random: () => number) => [createLimiter({ clock, random })]],
  [
    'with a store',
    (clock: FakeClock, random: () => number) => {
      const store = new SlowStore(new MemoryLimitStore(clock), clock);
      store.latencyMs = 1;
      return [0, 1].map(() => createLimiter({ clock, random, store }));
    },
  ],
] as const;

describe.each(kinds)('many calls at once that nothing is known of the limits of, %s', (_name, limitersOf) => {
  it('all begin within seconds, although the first ones have not ended by then', async () => {
    const { clock, random, burst } = setup({ burstMs: 1000 });
    const cold = new ColdBurst(burst, limitersOf(clock, random));
    await clock.advance(10_000);
    expect(cold).toMatchObject({ begun: 3000, ended: 0, refusals: [] });
    await clock.advance(30_000);
    expect(cold.ended).toBe(3000);
  });

  it('are all under way within seconds where answers are long in coming', async () => {
    const { clock, random, burst } = setup({ burstMs: 1000, beginsAfterMs: () => 20_000, lastsMs: 0 });
    const cold = new ColdBurst(burst, limitersOf(clock, random));
    await clock.advance(48_000);
    expect(cold).toMatchObject({ ended: 3000, refusals: [] });
  });

  it('feel their way to a limit that nobody tells, and are all served', async () => {
    const { clock, random, burst } = setup({
      calls: 1200,
      requestsPerMinute: 1800,
      burstMs: 1000,
      lastsMs: 5000,
    });
    const cold = new ColdBurst(burst, limitersOf(clock, random));
    await clock.advance(120_000);
    expect(cold).toMatchObject({ ended: 1200, refusals: [] });
    expect(cold.rejections).toBeLessThanOrEqual(0.05 * 1200);
  });
});

describe('a window of calls that are undecided', () => {
  it('is never exceeded, and at most doubles in a second', async () => {
    const calls = fc.array(fc.record({ beginsAfterMs: fc.nat(3000), lastsMs: fc.nat(8000) }), {
      minLength: 1,
      maxLength: 150,
    });
    await fc.assert(
      fc.asyncProperty(calls, async (script) => {
        const clock = new FakeClock();
        const limiter = createLimiter({ clock, queue: { maxWaitMs: 1e9 } });
        const pass = (ms: number): Promise<void> =>
          new Promise((resolve) => void clock.schedule(resolve, ms));
        const undecided = new Set<number>();
        let most = 0;
        const served = script.map(async ({ beginsAfterMs, lastsMs }, call) => {
          const lease = await limiter.acquire({ key });
          undecided.add(call);
          most = Math.max(most, undecided.size / 2 ** (clock.now() / PROBE.doublingMs));
          await pass(Math.min(beginsAfterMs, PROBE.keptMs));
          undecided.delete(call);
          await pass(Math.max(0, beginsAfterMs - PROBE.keptMs));
          lease.accepted();
          await pass(lastsMs);
          lease.release();
        });
        await clock.advance(600_000);
        await Promise.all(served);
        expect(most).toBeLessThanOrEqual(PROBE.firstWindow);
        expect(limiter.snapshot().keys[key]?.concurrency.used).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});
