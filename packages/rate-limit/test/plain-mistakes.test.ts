import { describe, expect, it } from 'vitest';
import {
  type AcquireRequest,
  createBreaker,
  createLimiter,
  createRetryBudget,
  type LimiterOptions,
  retry,
} from '../src/index.js';

/** What a caller without types may give, numbers out of the environment before all. */
const wrongLimiters: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ rpm: 5 }, 'createLimiter has no option "rpm"; its options are: limits, keys, queue,'],
  [{ limits: { rpm: 5 } }, 'limits has no option "rpm"; its options are: requestsPerMinute,'],
  [{ limits: 5 }, 'limits expects an object, got 5'],
  [{ limits: { requestsPerMinute: '600' } }, 'limits.requestsPerMinute must be a number, got "600"'],
  [{ limits: { tokensPerMinute: 1n } }, 'limits.tokensPerMinute must be a number, got 1'],
  [{ limits: { burstMs: '5' } }, 'limits.burstMs must be a number, got "5"'],
  [{ limits: { cachedInputWeight: null } }, 'limits.cachedInputWeight must be a number, got null'],
  [{ keys: { a: { rpm: 5 } } }, 'keys["a"] has no option "rpm"'],
  [{ keys: null }, 'keys must be an object of limits by key, got null'],
  [{ queue: 5 }, 'queue expects an object, got 5'],
  [
    { queue: { maxWait: 5 } },
    'queue has no option "maxWait"; its options are: maxLength, maxWaitMs, ageingMs',
  ],
  [{ queue: { maxWaitMs: '60000' } }, 'queue.maxWaitMs must be a number, got "60000"'],
  [{ adaptive: 'no' }, 'adaptive must be a boolean, got "no"'],
  [{ maxKeys: '5' }, 'maxKeys must be a number, got "5"'],
  [{ clock: Date }, 'clock must have the method wallNow, got a function'],
  [{ random: 0.5 }, 'random must be a function, got 0.5'],
  [{ store: Symbol('s') }, 'store must be a limit store, got Symbol(s)'],
];

const wrongRequests: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ key: Symbol('k') }, 'key must be a non-empty string, got Symbol(k)'],
  [{ inputTokens: '5' }, 'inputTokens must be a number, got "5"'],
  [{ outputTokens: [] }, 'outputTokens must be a number, got an array'],
  [{ priority: '5' }, 'priority must be a finite number, got "5"'],
  [
    { priority: Number.MAX_VALUE },
    'priority must be between -9007199254740991 and 9007199254740991, got 1.79',
  ],
  [{ tenant: {} }, 'tenant must be a string, got an object'],
  [{ deadlineMs: '100' }, 'deadlineMs must be a number, got "100"'],
  [{ deadline: 100 }, 'acquire has no option "deadline"; its options are: key, inputTokens,'],
];

describe('a plain mistake', () => {
  it.each(wrongLimiters)('in the options of a limiter is named: %o', (options, message) => {
    expect(() => createLimiter(options as LimiterOptions)).toThrow(message);
  });

  it.each(wrongRequests)('in a request is named: %o', async (request, message) => {
    const limiter = createLimiter();
    await expect(limiter.acquire({ key: 'a', ...request } as AcquireRequest)).rejects.toThrow(message);
  });

  it('in a settlement is named, and counts as one that tells nothing', async () => {
    const limiter = createLimiter({ limits: { tokensPerMinute: 1000, burstMs: 60_000 } });
    const lease = await limiter.acquire({ key: 'a', inputTokens: 5, outputTokens: 7 });
    expect(() => lease.settle({ inputTokens: '50' } as never)).toThrow(
      'settle: inputTokens must be 0 or more, got "50"',
    );
    expect(limiter.snapshot().keys.a?.limits.tokensPerMinute?.used).toBe(12);
  });

  it('in the options of what stands beside it is named', async () => {
    expect(() => createBreaker({ threshold: 5 } as never)).toThrow('createBreaker has no option "threshold"');
    expect(() => createBreaker({ openMs: '5' } as never)).toThrow('openMs must be a number, got "5"');
    expect(() => createBreaker({ onChange: 5 } as never)).toThrow('onChange must be a function, got 5');
    expect(() => createRetryBudget(null as never)).toThrow('createRetryBudget expects an object, got null');
    expect(() => createRetryBudget({ ratio: '1' } as never)).toThrow('ratio must be a number, got "1"');
    const attempt = (): Promise<number> => Promise.resolve(1);
    await expect(retry(attempt, {} as never)).rejects.toThrow('classify must be a function, got undefined');
    const failing = (): Promise<number> => Promise.reject(new Error('of the attempt'));
    for (const wrong of [async () => ({ retry: true }), () => undefined, () => true])
      await expect(retry(failing, { classify: wrong as never })).rejects.toMatchObject({
        message: expect.stringContaining('classify must return { retry: true } or { retry: false }, got'),
        cause: { message: 'of the attempt' },
      });
    const classify = () => ({ retry: false }) as const;
    await expect(retry(attempt, { classify, retries: 5 } as never)).rejects.toThrow(
      'retry has no option "retries"; its options are: classify, maxAttempts, deadlineMs, maxRetryAfterMs,',
    );
    await expect(retry(attempt, undefined as never)).rejects.toThrow(
      'retry expects an object, got undefined',
    );
    await expect(retry(attempt, { classify, clock: Date as never })).rejects.toThrow(
      'clock must have the method',
    );
    await expect(retry(attempt, { classify, random: 0.5 as never })).rejects.toThrow(
      'random must be a function, got 0.5',
    );
    await expect(retry(attempt, { classify, deadlineMs: '1' as never })).rejects.toThrow(
      'deadlineMs must be a number, got "1"',
    );
  });
});
