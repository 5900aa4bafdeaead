import fc from 'fast-check';
import { createLimiter, type Limiter } from '../../src/limiter.js';
import type { Limits } from '../../src/limits.js';
import { FakeClock } from './fake-clock.js';

/** One caller of a random script. */
export interface Step {
  /** Time since the previous caller. */
  readonly gapMs: number;
  readonly tokens: number;
  readonly priority: number;
  readonly tenant: string;
  readonly holdMs: number;
  /** Share of the reservation actually used; `undefined` releases all of it. */
  readonly used: number | undefined;
  /** Aborts after this time, if still waiting. */
  readonly abortAfterMs: number | undefined;
  readonly deadlineMs: number | undefined;
}

export interface StepBounds {
  readonly tokens: number;
  readonly mostUsed: number;
  readonly tenants: readonly string[];
}

export function steps({ tokens, mostUsed, tenants }: StepBounds): fc.Arbitrary<Step[]> {
  const rarely = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
    fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
  const step = fc.record({
    gapMs: fc.oneof(fc.constant(0), fc.nat(300), fc.nat(20_000)),
    tokens: fc.nat(tokens),
    priority: fc.integer({ min: -2, max: 2 }),
    tenant: fc.constantFrom(...tenants),
    holdMs: fc.nat(5000),
    used: fc.oneof(
      { weight: 5, arbitrary: fc.double({ min: 0, max: mostUsed, noNaN: true }) },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
    abortAfterMs: rarely(fc.nat(4000)),
    deadlineMs: rarely(fc.nat(10_000)),
  });
  return fc.array(step, { maxLength: 60 });
}

export interface Grant {
  readonly at: number;
  readonly step: Step;
  /** The other callers waiting when this one was served, with the times they joined. */
  readonly passedOver: readonly Waiting[];
  readonly joinedAt: number;
  readonly openAfter: number;
  /** Total tokens charged before, less those returned. */
  readonly charged: number;
}

interface Waiting {
  readonly step: Step;
  readonly joinedAt: number;
}

export interface Trace {
  readonly grants: readonly Grant[];
  /** Callers that got neither a lease nor an error. */
  readonly stuck: number;
  readonly limiter: Limiter;
  readonly clock: FakeClock;
}

export const KEY = 'k';

/** Plays a script to its end. */
export async function play(limits: Limits, script: readonly Step[]): Promise<Trace> {
  const clock = new FakeClock();
  const limiter = createLimiter({ clock, limits, queue: { maxWaitMs: 3_600_000, ageingMs: 5000 } });
  const waiting = new Set<Waiting>();
  const grants: Grant[] = [];
  let charged = 0;
  let open = 0;
  let pending = 0;
  const call = async (step: Step): Promise<void> => {
    const controller = new AbortController();
    const { tokens, priority, tenant, deadlineMs, abortAfterMs } = step;
    if (abortAfterMs !== undefined)
      clock.schedule(() => controller.abort(new Error('gave up')), abortAfterMs);
    const self: Waiting = { step, joinedAt: clock.now() };
    waiting.add(self);
    const { signal } = controller;
    const request = { key: KEY, inputTokens: tokens, outputTokens: 0, priority, tenant, signal };
    try {
      const lease = await limiter.acquire({ ...request, ...(deadlineMs !== undefined && { deadlineMs }) });
      waiting.delete(self);
      open += 1;
      grants.push({
        at: clock.now(),
        step,
        passedOver: [...waiting],
        joinedAt: self.joinedAt,
        openAfter: open,
        charged,
      });
      charged += tokens;
      await new Promise<void>((resolve) => void clock.schedule(resolve, step.holdMs));
      open -= 1;
      charged += tokens * (step.used ?? 0) - tokens;
      if (step.used === undefined) lease.release();
      else lease.settle({ inputTokens: tokens * step.used, outputTokens: 0 });
    } catch {
      waiting.delete(self);
    }
  };
  const calls: Promise<void>[] = [];
  for (const step of script) {
    await clock.advance(step.gapMs);
    pending += 1;
    calls.push(call(step).finally(() => (pending -= 1)));
  }
  await clock.advance(7_200_000);
  return { grants, stuck: pending, limiter, clock };
}
