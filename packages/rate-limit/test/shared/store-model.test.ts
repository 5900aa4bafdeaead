import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { LimitStep, StepSettlement } from '../../src/shared/limit-store.js';
import { MemoryLimitStore } from '../../src/shared/memory-limit-store.js';
import { NOTHING, QUIET } from '../../src/testing/quiet-step.js';
import { FakeClock } from '../support/fake-clock.js';

/** One thing that a process does: asks for callers, or ends its oldest lease with a part of what it reserved. */
interface Act {
  readonly process: number;
  readonly gapMs: number;
  readonly asks: readonly number[];
  readonly ends: number | undefined;
}

interface Held {
  readonly at: number;
  readonly tokens: number;
}

interface Taken {
  readonly atMs: number;
  tokens: number;
}

const acts = fc.array(
  fc.record({
    process: fc.nat(3),
    gapMs: fc.oneof(fc.nat(50), fc.nat(3000), fc.constantFrom(0, 20_000)),
    asks: fc.array(fc.nat(900), { maxLength: 6 }),
    ends: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
  }),
  { maxLength: 60 },
);

/** Plays what honest processes do. The model is no more than a list of all that was granted. */
async function play(limits: LimitStep['limits'], script: readonly Act[]) {
  const clock = new FakeClock();
  const store = new MemoryLimitStore(clock);
  const held: Held[][] = [[], [], [], []];
  const taken: Taken[] = [];
  const of = new Map<Held, Taken>();
  let epoch: string | undefined;
  let sequence = 0;
  let mostOpen = 0;
  const heardAt: number[] = [];
  for (const { process, gapMs, asks, ends } of script) {
    await clock.advance(gapMs);
    const own = held[process] ?? [];
    const settlements: StepSettlement[] = [];
    const ended = ends === undefined ? undefined : own.shift();
    if (ended !== undefined && ends !== undefined) {
      const used = ended.tokens * ends;
      settlements.push([ended.at, 0, used - ended.tokens, 0]);
      const entry = of.get(ended);
      if (entry !== undefined) entry.tokens = used;
    }
    const open = {
      ...NOTHING,
      requests: own.length,
      inputTokens: own.reduce((sum, { tokens }) => sum + tokens, 0),
    };
    const reply = await store.step('k', {
      ...QUIET,
      process: `p${process}`,
      sequence: ++sequence,
      ...(epoch !== undefined && { epoch }),
      limits,
      open,
      demands: asks.map((tokens) => [tokens, 0, 0, 1]),
      settlements,
    });
    epoch = reply.epoch;
    for (const tokens of asks.slice(0, reply.granted)) {
      const lease = { at: reply.at, tokens };
      const entry = { atMs: clock.now(), tokens };
      own.push(lease);
      taken.push(entry);
      of.set(lease, entry);
    }
    heardAt[process] = clock.now();
    // Who says nothing for 5 seconds counts as dead, and may find its places taken when it comes back.
    const alive = held.filter(
      (_, other) => clock.now() - (heardAt[other] ?? Number.NEGATIVE_INFINITY) <= 5000,
    );
    if (reply.granted > 0) mostOpen = Math.max(mostOpen, alive.flat().length);
  }
  return { taken, mostOpen };
}

/** Every stretch between two grants. */
function stretches(
  taken: readonly Taken[],
  visit: (ms: number, requests: number, tokens: number) => void,
): void {
  for (const [first, from] of taken.entries()) {
    let tokens = 0;
    for (const [index, to] of taken.slice(first).entries()) {
      tokens += to.tokens;
      visit(to.atMs - from.atMs, index + 1, tokens);
    }
  }
}

it('a store never grants beyond a window or beyond concurrency, whatever processes ask for', async () => {
  const limits = {
    adaptive: false,
    requestsPerMinute: 12,
    tokensPerMinute: 4000,
    maxConcurrent: 9,
    algorithm: 'window' as const,
  };
  await fc.assert(
    fc.asyncProperty(acts, async (script) => {
      const { taken, mostOpen } = await play(limits, script);
      stretches(taken, (ms, requests, tokens) => {
        if (ms >= 60_000) return;
        expect(requests).toBeLessThanOrEqual(limits.requestsPerMinute);
        expect(tokens).toBeLessThanOrEqual(limits.tokensPerMinute + 1e-6);
      });
      expect(mostOpen).toBeLessThanOrEqual(limits.maxConcurrent);
    }),
    { numRuns: 200 },
  );
});

it('a store never grants beyond a bucket by more than its burst and what it was given back', async () => {
  const limits = { adaptive: false, requestsPerMinute: 120, tokensPerMinute: 60_000, burstMs: 2000 };
  await fc.assert(
    fc.asyncProperty(acts, async (script) => {
      const { taken } = await play(limits, script);
      stretches(taken, (ms, requests, tokens) => {
        expect(requests).toBeLessThanOrEqual(4 + (ms * limits.requestsPerMinute) / 60_000 + 1e-6);
        // Given back amounts may lead by 15 seconds' worth.
        expect(tokens).toBeLessThanOrEqual(2000 + 15_000 + (ms * limits.tokensPerMinute) / 60_000 + 1e-6);
      });
    }),
    { numRuns: 200 },
  );
});
