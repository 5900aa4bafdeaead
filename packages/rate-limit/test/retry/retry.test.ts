import { describe, expect, it } from 'vitest';
import { LimitError } from '../../src/errors.js';
import { type RetryOptions, type RetryVerdict, retry } from '../../src/retry/retry.js';
import { createRetryBudget } from '../../src/retry/retry-budget.js';
import { FakeClock, settle } from '../support/fake-clock.js';

class Fault extends Error {
  readonly verdict: RetryVerdict;
  constructor(verdict: RetryVerdict = { retry: true }) {
    super('fault');
    this.verdict = verdict;
  }
}

const classify: RetryOptions['classify'] = (error) =>
  error instanceof Fault ? error.verdict : { retry: false };

/** Runs attempts that fail with these faults in turn, then succeed; says when each was made. */
async function run(faults: readonly unknown[], options: Partial<RetryOptions> = {}) {
  const clock = new FakeClock();
  const madeAt: number[] = [];
  const call = retry(
    async ({ attempt }) => {
      madeAt.push(clock.now());
      if (attempt <= faults.length) throw faults[attempt - 1];
      return `attempt ${attempt}`;
    },
    { classify, clock, random: () => 0.5, ...options },
  ).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await clock.advance(1_000_000);
  return { ...(await call), madeAt, clock };
}

describe('retry', () => {
  it('returns the first success and says which attempt it was', async () => {
    expect(await run([])).toMatchObject({ value: 'attempt 1', madeAt: [0] });
    expect(await run([new Fault(), new Fault()])).toMatchObject({
      value: 'attempt 3',
      madeAt: [0, 250, 750],
    });
  });

  it('rethrows the last error untouched when attempts are used up', async () => {
    const faults = [1, 2, 3, 4].map(() => new Fault());
    const { error, madeAt } = (await run(faults)) as { error: unknown; madeAt: number[] };
    expect(error).toBe(faults[3]);
    expect(madeAt).toHaveLength(4);
  });

  it('asks the classifier of every failure, the last one included', async () => {
    const asked: unknown[] = [];
    const faults = [new Fault(), new Fault()];
    const counting: RetryOptions['classify'] = (error, attempt) => {
      asked.push([error, attempt]);
      return { retry: true };
    };
    await run(faults, { classify: counting, maxAttempts: 2 });
    expect(asked).toEqual([
      [faults[0], 1],
      [faults[1], 2],
    ]);
  });

  it('never repeats what the classifier refuses, of any type', async () => {
    for (const fault of [new TypeError('bug'), 'a string', undefined, new Fault({ retry: false })]) {
      expect(await run([fault])).toMatchObject({ error: fault, madeAt: [0] });
    }
  });

  it('repeats whatever the classifier allows, of any type', async () => {
    const anything = { classify: (): RetryVerdict => ({ retry: true }) };
    expect(await run([new TypeError('odd'), 'a string'], anything)).toMatchObject({ value: 'attempt 3' });
  });

  it.each(['classify', 'onRetry'] as const)(
    'passes on what %s throws, of any type, at any attempt',
    async (name) => {
      const anything: readonly unknown[] = ['a string', undefined, new TypeError('bug')];
      for (const thrown of anything) {
        for (const at of [1, 2]) {
          let asked = 0;
          const breaks = (): RetryVerdict => {
            asked += 1;
            if (asked === at) throw thrown;
            return { retry: true };
          };
          expect(await run([new Fault(), new Fault()], { [name]: breaks })).toMatchObject({ error: thrown });
        }
      }
    },
  );

  it('backs off harder after a rate limit than after a failure', async () => {
    const limited = await run([new Fault({ retry: true, kind: 'rate-limit' })], { random: () => 0 });
    const failed = await run([new Fault()], { random: () => 0.999 });
    expect(limited.madeAt[1]).toBeGreaterThan(failed.madeAt[1] ?? Number.POSITIVE_INFINITY);
  });

  it('never pauses shorter than the server asks, and adds some jitter', async () => {
    const fault = new Fault({ retry: true, kind: 'rate-limit', retryAfterMs: 4000 });
    expect((await run([fault], { random: () => 0 })).madeAt).toEqual([0, 4000]);
    expect((await run([fault], { random: () => 0.5 })).madeAt).toEqual([0, 4200]);
  });

  it('pauses by itself when the server asks for nothing', async () => {
    const fault = new Fault({ retry: true, kind: 'rate-limit', retryAfterMs: 0 });
    expect((await run([fault])).madeAt).toEqual([0, 1500]);
  });

  it('fails at once when the server asks for too long a pause', async () => {
    const fault = new Fault({ retry: true, retryAfterMs: 3_600_000 });
    for (const options of [{}, { maxRetryAfterMs: 1e9, deadlineMs: 60_000 }]) {
      const { error, madeAt } = (await run([fault], options)) as { error: unknown; madeAt: number[] };
      expect(LimitError.isInstance(error)).toBe(true);
      expect(error).toMatchObject({
        code: 'LIMIT_RETRY_AFTER_TOO_LONG',
        retryAfterMs: 3_600_000,
        hint: expect.stringContaining('Come back in 3600 s, or'),
        cause: fault,
      });
      expect(madeAt).toEqual([0]);
    }
  });

  it('starts no attempt after the deadline', async () => {
    const faults = Array.from({ length: 30 }, () => new Fault());
    const { madeAt, error } = (await run(faults, { maxAttempts: 30, deadlineMs: 5000 })) as {
      madeAt: number[];
      error: unknown;
    };
    expect(error).toBeInstanceOf(Fault);
    expect(Math.max(...madeAt)).toBeLessThanOrEqual(5000);
    expect(madeAt.length).toBeGreaterThan(2);
  });

  it('tells of each retry', async () => {
    const notices: unknown[] = [];
    const fault = new Fault();
    await run([fault, fault], { onRetry: (notice) => notices.push(notice) });
    expect(notices).toEqual([
      { attempt: 1, error: fault, pauseMs: 250 },
      { attempt: 2, error: fault, pauseMs: 500 },
    ]);
  });

  it('ends with the reason of the signal, during a pause and before the start, and leaves nothing behind', async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const call = retry(() => Promise.reject(new Fault()), {
      classify,
      clock,
      random: () => 0.5,
      signal: controller.signal,
    });
    const outcome = call.catch((error: unknown) => error);
    await settle();
    expect(clock.timers).toBe(1);
    controller.abort('enough');
    expect(await outcome).toBe('enough');
    expect(clock.timers).toBe(0);
    const never = retry(() => Promise.reject(new Error('called')), { classify, signal: controller.signal });
    await expect(never).rejects.toBe('enough');
  });

  it('names a wrong option', async () => {
    await expect(retry(() => Promise.resolve(1), { classify, maxAttempts: 0 })).rejects.toThrow(
      'maxAttempts',
    );
    await expect(retry(() => Promise.resolve(1), { classify, deadlineMs: -1 })).rejects.toThrow('deadlineMs');
  });
});

describe('a retry budget', () => {
  it('keeps retries a fraction of all calls during an outage', async () => {
    const clock = new FakeClock();
    const budget = createRetryBudget({ clock, ratio: 0.1, reserve: 5, perMinute: 0 });
    let attempts = 0;
    const calls = Array.from({ length: 200 }, () =>
      retry(
        () => {
          attempts += 1;
          return Promise.reject(new Fault());
        },
        { classify, clock, budget, key: 'up', random: () => 0.5 },
      ).catch(() => undefined),
    );
    await clock.advance(100_000);
    await Promise.all(calls);
    // 200 calls earn 20 retries in all, most of them before the reserve was touched, so they are lost above it.
    expect(attempts).toBeLessThanOrEqual(200 + 5 + 20);
    expect(attempts).toBeGreaterThan(200);
  });

  it('keeps keys apart, earns with calls and with time, and never saves up more than its reserve', async () => {
    const clock = new FakeClock();
    const budget = createRetryBudget({ clock, ratio: 0.5, reserve: 2, perMinute: 1 });
    expect([budget.withdraw('a'), budget.withdraw('a'), budget.withdraw('a')]).toEqual([true, true, false]);
    expect(budget.withdraw('b')).toBe(true);
    budget.deposit('a');
    expect(budget.left('a')).toBe(0.5);
    budget.deposit('a');
    expect(budget.withdraw('a')).toBe(true);
    await clock.advance(600_000);
    expect(budget.left('a')).toBe(2);
  });

  it('forgets the key that was unused for longest', () => {
    const budget = createRetryBudget({ clock: new FakeClock(), reserve: 1, maxKeys: 2 });
    for (const key of ['a', 'b', 'c']) budget.withdraw(key);
    expect([budget.left('b'), budget.left('c'), budget.left('a')]).toEqual([0, 0, 1]);
    expect(() => createRetryBudget({ ratio: -1 })).toThrow('ratio must be 0 or more, got -1');
  });
});
