import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.js';
import { type Breaker, type CircuitChange, createBreaker, LimitError } from '../../src/index.js';

function stage(options: { failures?: number; random?: () => number } = {}) {
  let now = 0;
  const clock = {
    advance(ms: number): void {
      now += ms;
    },
  };
  const changes: CircuitChange[] = [];
  const breaker = createBreaker({
    clock: { ...systemClock, now: () => now },
    random: () => 1 - Number.EPSILON,
    onChange: (change) => changes.push(change),
    ...options,
  });
  const fail = (times: number): void => {
    for (let made = 0; made < times; made++) breaker.enter('api').failed();
  };
  return { clock, breaker, changes, fail };
}

function refusal(breaker: Breaker, key = 'api'): LimitError {
  try {
    breaker.enter(key);
  } catch (error) {
    if (LimitError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('It was let through.');
}

describe('createBreaker', () => {
  it('refuses at once after failures in a row, and says when to come back', () => {
    const { breaker, fail, clock } = stage();
    fail(4);
    breaker.enter('api').succeeded();
    fail(4);
    breaker.enter('api').cancelled();
    fail(1);
    expect(refusal(breaker)).toMatchObject({
      code: 'LIMIT_CIRCUIT_OPEN',
      retryable: true,
      retryAfterMs: 1000,
    });
    clock.advance(400);
    expect(refusal(breaker).retryAfterMs).toBe(600);
    expect(() => breaker.enter('another')).not.toThrow();
  });

  it('counts calls that fail in the same instant as what they are, and still half-opens', () => {
    const { breaker, clock, changes } = stage();
    const permits = Array.from({ length: 100 }, () => breaker.enter('api'));
    for (const permit of permits) permit.failed();
    // The 95 that were under way when it opened do not make the pause longer.
    expect(refusal(breaker).retryAfterMs).toBe(1000);
    clock.advance(1000);
    breaker.enter('api').succeeded();
    expect(changes.map(({ state }) => state)).toEqual(['open', 'half-open', 'closed']);
  });

  it('makes one trial at a time, and refuses the others without waiting', () => {
    const { breaker, fail, clock } = stage();
    fail(5);
    clock.advance(1000);
    const trial = breaker.enter('api');
    expect(refusal(breaker).code).toBe('LIMIT_CIRCUIT_OPEN');
    trial.succeeded();
    expect(() => breaker.enter('api')).not.toThrow();
  });

  it('stays open twice as long after each trial that fails, up to the longest', () => {
    const { breaker, fail, clock } = stage();
    fail(5);
    const pauses: number[] = [];
    for (let trial = 0; trial < 7; trial++) {
      const { retryAfterMs = 0 } = refusal(breaker);
      pauses.push(retryAfterMs);
      clock.advance(retryAfterMs);
      breaker.enter('api').failed();
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('takes a caller who left for no verdict: the next one makes the trial', () => {
    const { breaker, fail, clock } = stage();
    fail(5);
    clock.advance(1000);
    breaker.enter('api').cancelled();
    const trial = breaker.enter('api');
    expect(breaker.snapshot().api?.state).toBe('half-open');
    trial.succeeded();
    expect(breaker.snapshot().api).toEqual({ state: 'closed', failures: 0, retryAfterMs: 0, openings: 1 });
  });

  it('does not wait for ever for a trial that hangs', () => {
    const { breaker, fail, clock } = stage();
    fail(5);
    clock.advance(1000);
    const hanging = breaker.enter('api');
    clock.advance(30_000);
    const second = breaker.enter('api');
    hanging.failed();
    second.succeeded();
    expect(breaker.snapshot().api?.state).toBe('closed');
  });

  it('ignores what calls from before the opening have to say', () => {
    const { breaker, fail } = stage();
    const early = breaker.enter('api');
    fail(5);
    early.succeeded();
    expect(breaker.snapshot().api?.state).toBe('open');
  });

  it('never lets more than one call through while it is not closed, whatever happens', () => {
    const step = fc.record({
      act: fc.constantFrom('enter', 'succeeded', 'failed', 'cancelled', 'wait'),
      which: fc.nat(5),
      waitMs: fc.integer({ min: 1, max: 20_000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { breaker, clock } = stage({ failures: 2 });
        const open: ReturnType<Breaker['enter']>[] = [];
        for (const { act, which, waitMs } of steps) {
          if (act === 'wait') clock.advance(waitMs);
          else if (act === 'enter') {
            const before = breaker.snapshot().api;
            let permit: ReturnType<Breaker['enter']> | undefined;
            try {
              permit = breaker.enter('api');
            } catch (error) {
              expect(LimitError.isInstance(error)).toBe(true);
            }
            expect(permit !== undefined).toBe(before === undefined || before.retryAfterMs === 0);
            if (permit !== undefined) open.push(permit);
            if (before !== undefined && before.state !== 'closed')
              expect(() => breaker.enter('api')).toThrow(LimitError);
          } else open[which]?.[act]();
        }
        // However it went, some call is let through in the end.
        clock.advance(30_000);
        expect(() => breaker.enter('api')).not.toThrow();
      }),
    );
  });

  it('says which option is wrong', () => {
    expect(() => createBreaker({ failures: 0 })).toThrow('failures must be a whole number above 0, got 0');
    expect(() => createBreaker({ openMs: 5000, maxOpenMs: 10 })).toThrow('maxOpenMs must be at least openMs');
    expect(() => createBreaker().enter('')).toThrow('key must be a non-empty string');
  });
});
