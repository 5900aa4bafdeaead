import fc from 'fast-check';
import type { LimitStep, StepLimits } from '../../src/shared/limit-store.js';

/** A timed step of a random script. */
export interface ScriptedStep {
  readonly gapMs: number;
  readonly step: Omit<LimitStep, 'sequence' | 'epoch'> & { readonly knowsEpoch: boolean };
}

const amounts = (most: number) =>
  fc.record({ requests: fc.nat(3), inputTokens: fc.nat(most), outputTokens: fc.nat(most) });

const configured: StepLimits[] = [
  { adaptive: true },
  { adaptive: false, requestsPerMinute: 600, tokensPerMinute: 60_000, maxConcurrent: 6 },
  {
    adaptive: true,
    requestsPerMinute: 120,
    burstMs: 5000,
    inputTokensPerMinute: 9000,
    outputTokensPerMinute: 7000,
  },
  { adaptive: true, requestsPerMinute: 50, requestsPerDay: 40, tokensPerMinute: 30_000, algorithm: 'window' },
];

function maybe<T>(value: fc.Arbitrary<T>, otherwise: T): fc.Arbitrary<T> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(otherwise) }, { weight: 1, arbitrary: value });
}

/** Random steps of four processes for one key: as real processes might send them, and somewhat worse. */
export function randomSteps(maxLength: number): fc.Arbitrary<ScriptedStep[]> {
  const step = fc.record({
    process: fc.constantFrom('a', 'b', 'c', 'd'),
    knowsEpoch: fc.oneof(
      { weight: 9, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
    limits: fc.constantFrom(...configured),
    open: amounts(2000),
    undecided: fc.nat(3),
    waiting: amounts(2000),
    demands: fc.array(
      fc.tuple(fc.nat(3000), fc.nat(2000), fc.integer({ min: -2000, max: 20_000 }), fc.constantFrom(0, 1)),
      { maxLength: 5 },
    ),
    settlements: maybe(
      fc.array(
        fc.tuple(
          fc.nat(60_000),
          fc.integer({ min: -1, max: 0 }),
          fc.integer({ min: -2000, max: 500 }),
          fc.integer({ min: -2000, max: 500 }),
        ),
        {
          maxLength: 4,
        },
      ),
      [],
    ),
    taken: maybe<object>(fc.record({ requestsPerMinute: fc.nat(5), tokensPerMinute: fc.nat(5000) }), {}),
    known: maybe<object>(fc.record({ requestsPerMinute: fc.integer({ min: -5, max: 50 }) }), {}),
    learned: maybe<object>(
      fc.record(
        {
          requestsPerMinute: fc.oneof(fc.constant(null), fc.record({ limit: fc.constantFrom(60, 600) })),
          tokensPerMinute: fc.record({
            limit: fc.constantFrom(20_000, 90_000),
            capacity: fc.constantFrom(1000, 20_000),
          }),
        },
        { requiredKeys: [] },
      ),
      {},
    ),
    left: maybe<object>(
      fc.record({ tokensPerMinute: fc.nat(2000), requestsPerMinute: fc.nat(4), requestsPerDay: fc.nat(30) }),
      {},
    ),
    leftForMs: maybe<object>(
      fc.record({ requestsPerMinute: fc.nat(40_000), requestsPerDay: fc.nat(90_000) }, { requiredKeys: [] }),
      {},
    ),
    closeMs: maybe(fc.nat(3000), 0),
    kept: fc.nat(3),
    succeeded: fc.nat(8),
    rateLimited: maybe(fc.nat(3), 0),
    holdMs: fc.nat(3000),
  });
  return fc.array(fc.record({ gapMs: fc.oneof(fc.nat(40), fc.nat(2000), maybe(fc.nat(70_000), 1)), step }), {
    minLength: 1,
    maxLength,
  }) as fc.Arbitrary<ScriptedStep[]>;
}
