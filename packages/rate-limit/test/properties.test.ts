import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Grant, KEY, play, steps } from './support/script.js';

const RUNS = { numRuns: 60 };
const SLACK = 1e-3;

const bucketLimits = fc.record({
  requestsPerMinute: fc.integer({ min: 1, max: 600 }),
  tokensPerMinute: fc.integer({ min: 2000, max: 100_000 }),
  maxConcurrent: fc.integer({ min: 1, max: 8 }),
  burstMs: fc.constantFrom(0, 100, 1000, 60_000),
});

/** Every stretch of time between two grants, with what was finally used of it. */
function stretches(
  grants: readonly Grant[],
  visit: (ms: number, requests: number, tokens: number) => void,
): void {
  const made = grants.filter(({ step }) => step.used !== undefined);
  for (const [first, from] of made.entries()) {
    let requests = 0;
    let tokens = 0;
    for (const to of made.slice(first)) {
      requests += 1;
      tokens += to.step.tokens * (to.step.used ?? 0);
      visit(to.at - from.at, requests, tokens);
    }
  }
}

describe('whatever callers do', () => {
  it('no limit of a bucket is exceeded in any stretch of time by more than a burst', async () => {
    const script = steps({ tokens: 2000, mostUsed: 1, tenants: ['', 'b'] });
    await fc.assert(
      fc.asyncProperty(bucketLimits, script, async (limits, callers) => {
        const { grants } = await play(limits, callers);
        const { requestsPerMinute, tokensPerMinute, burstMs } = limits;
        const requestBurst = Math.max(1, (requestsPerMinute * burstMs) / 60_000);
        // One request above the burst is let through by a full bucket, and paid off afterwards; refunds may add 15 seconds' worth.
        const tokenBurst = (tokensPerMinute * (burstMs + 15_000)) / 60_000 + 2000;
        stretches(grants, (ms, requests, tokens) => {
          expect(requests).toBeLessThanOrEqual(requestBurst + (requestsPerMinute * ms) / 60_000 + SLACK);
          expect(tokens).toBeLessThanOrEqual(tokenBurst + (tokensPerMinute * ms) / 60_000 + SLACK);
        });
        for (const grant of grants) expect(grant.openAfter).toBeLessThanOrEqual(limits.maxConcurrent);
      }),
      RUNS,
    );
  });

  it('no limit of a window is exceeded in any 60 seconds', async () => {
    const limitsOfWindow = fc.record({
      requestsPerMinute: fc.integer({ min: 1, max: 30 }),
      tokensPerMinute: fc.integer({ min: 2000, max: 10_000 }),
      algorithm: fc.constant('window' as const),
    });
    const script = steps({ tokens: 2000, mostUsed: 1, tenants: [''] });
    await fc.assert(
      fc.asyncProperty(limitsOfWindow, script, async (limits, callers) => {
        const { grants } = await play(limits, callers);
        stretches(grants, (ms, requests, tokens) => {
          if (ms >= 60_000) return;
          expect(requests).toBeLessThanOrEqual(limits.requestsPerMinute);
          expect(tokens).toBeLessThanOrEqual(limits.tokensPerMinute + SLACK);
        });
      }),
      RUNS,
    );
  });

  it('what was used beyond its reservation is made up for before anyone else is served', async () => {
    const script = steps({ tokens: 2000, mostUsed: 3, tenants: [''] });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2000, max: 100_000 }), script, async (tokensPerMinute, callers) => {
        const { grants } = await play({ tokensPerMinute, burstMs: 1000 }, callers);
        const capacity = tokensPerMinute / 60;
        for (const { at, step, charged } of grants) {
          const room = capacity + (tokensPerMinute * at) / 60_000 - charged;
          expect(Math.min(step.tokens, capacity)).toBeLessThanOrEqual(room + SLACK);
        }
      }),
      RUNS,
    );
  });

  it('nobody waits for ever and nothing leaks', async () => {
    const script = steps({ tokens: 3000, mostUsed: 2, tenants: ['', 'b', 'c'] });
    await fc.assert(
      fc.asyncProperty(bucketLimits, script, async (limits, callers) => {
        const { stuck, limiter, clock, grants } = await play(limits, callers);
        expect(stuck).toBe(0);
        const state = limiter.snapshot().keys[KEY];
        expect(state?.concurrency.used ?? 0).toBe(0);
        expect(state?.queue.depth ?? 0).toBe(0);
        expect(state?.counts.granted ?? 0).toBe(grants.length);
        expect(clock.timers).toBe(0);
      }),
      RUNS,
    );
  });

  it('the most urgent goes first, where five seconds of waiting are worth one level', async () => {
    const script = steps({ tokens: 2000, mostUsed: 1, tenants: [''] });
    const rank = (joinedAt: number, priority: number): number => joinedAt - priority * 5000;
    await fc.assert(
      fc.asyncProperty(bucketLimits, script, async (limits, callers) => {
        const { grants } = await play(limits, callers);
        for (const { joinedAt, step, passedOver } of grants) {
          for (const other of passedOver) {
            expect(rank(joinedAt, step.priority)).toBeLessThanOrEqual(
              rank(other.joinedAt, other.step.priority),
            );
          }
        }
      }),
      RUNS,
    );
  });

  it('no tenant is passed over for long, however much others ask for', async () => {
    const script = steps({ tokens: 0, mostUsed: 1, tenants: ['a', 'a', 'a', 'a', 'b'] }).map((all) =>
      all.map((step) => ({
        ...step,
        priority: 0,
        used: 1,
        gapMs: 0,
        abortAfterMs: undefined,
        deadlineMs: undefined,
      })),
    );
    await fc.assert(
      fc.asyncProperty(script, async (callers) => {
        const { grants } = await play({ requestsPerMinute: 60, burstMs: 0 }, callers);
        // While both wait, they take turns.
        for (const [i, grant] of grants.entries()) {
          const next = grants[i + 1];
          const otherWaits = grant.passedOver.some((other) => other.step.tenant !== grant.step.tenant);
          const before =
            i > 0 && grants[i - 1]?.passedOver.some((other) => other.step.tenant !== grant.step.tenant);
          if (otherWaits && before && next !== undefined)
            expect(next.step.tenant).not.toBe(grant.step.tenant);
        }
      }),
      RUNS,
    );
  });
});
