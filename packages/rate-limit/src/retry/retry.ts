import pRetry from 'p-retry';
import { equalJitter, FAILURE_BACKOFF, fullJitter, RATE_LIMIT_BACKOFF, spread } from '../backoff.js';
import { checkClock, checkFunction, checkNames, checkNumber, show } from '../check.js';
import { type Clock, systemClock } from '../clock.js';
import { LimitError } from '../errors.js';
import { comeBackIn } from '../refusals.js';
import { pause } from './pause.js';
import type { RetryBudget } from './retry-budget.js';

/** How the caller classifies an error. Only the caller knows whether a call is safe to repeat and can succeed at all. */
export type RetryVerdict =
  | { readonly retry: false }
  | {
      readonly retry: true;
      /** `rate-limit` backs off harder than `failure` (the default). */
      readonly kind?: 'failure' | 'rate-limit';
      /** The pause that the server asked for, ms; the actual pause is never shorter. */
      readonly retryAfterMs?: number;
    };

export interface RetryOptions {
  /** Called once for every failed attempt, including the last. */
  readonly classify: (error: unknown, attempt: number) => RetryVerdict;
  /** Total number of attempts, including the first. Default 4. */
  readonly maxAttempts?: number;
  /** No attempt starts later than this after the first, ms. Default: no limit. */
  readonly deadlineMs?: number;
  /** Longest pause that a server may ask for, ms. If it asks for more, the call fails at once. Default 60000. */
  readonly maxRetryAfterMs?: number;
  /** Shared by many calls; without it, every call may use all its attempts. */
  readonly budget?: RetryBudget;
  /** The key of the budget. Default: one for all calls. */
  readonly key?: string;
  /** Called before each pause. */
  readonly onRetry?: (retry: RetryNotice) => void;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Returns numbers from 0 to below 1. Default `Math.random`. */
  readonly random?: () => number;
}

const known: Record<keyof RetryOptions, true> = {
  classify: true,
  maxAttempts: true,
  deadlineMs: true,
  maxRetryAfterMs: true,
  budget: true,
  key: true,
  onRetry: true,
  signal: true,
  clock: true,
  random: true,
};

export interface RetryNotice {
  /** The attempt that failed; 1 is the first. */
  readonly attempt: number;
  readonly error: unknown;
  readonly pauseMs: number;
}

export interface RetryAttempt {
  /** 1 is the first. */
  readonly attempt: number;
}

/**
 * Calls `attempt` until it succeeds or there is no point in continuing. Pauses grow exponentially with full jitter; a rate limit causes
 * longer pauses, never shorter than the server asked for.
 *
 * Rejects with the last error itself if the classifier says no, or if attempts, budget or time are used up; with `signal.reason` if
 * aborted; and with a `LimitError` (`LIMIT_RETRY_AFTER_TOO_LONG`, with the error as its cause) if the server asks for a longer pause than
 * `maxRetryAfterMs` or the deadline allows.
 */
export async function retry<T>(
  attempt: (context: RetryAttempt) => Promise<T>,
  options: RetryOptions,
): Promise<T> {
  checkNames('retry', options, known);
  checkClock(options.clock);
  checkFunction('random', options.random);
  const { budget, key = '', signal, clock = systemClock } = options;
  const { maxAttempts = 4, maxRetryAfterMs = 60_000, deadlineMs = Number.POSITIVE_INFINITY } = options;
  if (!Number.isInteger(maxAttempts) || maxAttempts < 1) {
    throw new RangeError(`maxAttempts must be a whole number above 0, got ${show(maxAttempts)}`);
  }
  checkNumber('maxRetryAfterMs', maxRetryAfterMs);
  checkNumber('deadlineMs', deadlineMs);
  checkFunction('onRetry', options.onRetry);
  if (typeof options.classify !== 'function')
    throw new TypeError(`classify must be a function, got ${show(options.classify)}`);
  if (!(maxRetryAfterMs >= 0))
    throw new RangeError(`maxRetryAfterMs must be 0 or more, got ${maxRetryAfterMs}`);
  if (!(deadlineMs >= 0)) throw new RangeError(`deadlineMs must be 0 or more, got ${deadlineMs}`);
  const lastStartAt = deadlineMs === Number.POSITIVE_INFINITY ? deadlineMs : clock.now() + deadlineMs;
  signal?.throwIfAborted();
  budget?.deposit(key);
  // Nearly every call succeeds at once, so the machinery for retries is set up only after a failure.
  try {
    return await attempt({ attempt: 1 });
  } catch (error) {
    return repeat(attempt, error, { ...options, lastStartAt });
  }
}

/** Continues after the first attempt has failed. */
async function repeat<T>(
  attempt: (context: RetryAttempt) => Promise<T>,
  firstError: unknown,
  options: RetryOptions & { readonly lastStartAt: number },
): Promise<T> {
  const { classify, budget, key = '', signal, clock = systemClock, random = Math.random } = options;
  const { maxAttempts = 4, maxRetryAfterMs = 60_000, lastStartAt } = options;

  /** What to do about a failed attempt. Asks the classifier even if no attempt is left: classifiers report to limiters. */
  const judge = (error: unknown, number: number): Outcome<T> | Failed => {
    signal?.throwIfAborted();
    const verdict = classify(error, number);
    // The promise of an async classifier would be taken for a no.
    if (typeof verdict?.retry !== 'boolean')
      throw new TypeError(`classify must return { retry: true } or { retry: false }, got ${show(verdict)}`, {
        cause: error,
      });
    return !verdict.retry || number >= maxAttempts ? { error } : new Failed(error, verdict, number);
  };

  /** Whether to try again; if so, pauses first. */
  const again = async ({ cause: error, verdict, number }: Failed): Promise<boolean> => {
    const leftMs = lastStartAt - clock.now();
    const pauseMs = pauseFor(verdict, number, random);
    const askedMs = verdict.retryAfterMs ?? 0;
    if (askedMs > maxRetryAfterMs || askedMs > leftMs) throw tooLong(askedMs, error);
    if (pauseMs > leftMs || budget?.withdraw(key) === false) return false;
    options.onRetry?.({ attempt: number, error, pauseMs });
    await pause(pauseMs, clock, signal);
    return true;
  };

  /** Like `judge`, with whatever the classifier throws as the outcome: p-retry only knows errors. */
  const judged = (error: unknown, number: number): Outcome<T> | Failed => {
    try {
      return judge(error, number);
    } catch (thrown) {
      return { error: thrown };
    }
  };

  /** Makes one attempt. Throws `Failed` if another one may follow. */
  const once = async (number: number): Promise<Outcome<T>> => {
    try {
      return { value: await attempt({ attempt: number }) };
    } catch (error) {
      const outcome = judged(error, number);
      if (outcome instanceof Failed) throw outcome;
      return outcome;
    }
  };

  const first = judge(firstError, 1);
  if (!(first instanceof Failed) || !(await again(first))) throw firstError;
  const outcome = await pRetry((number) => once(number + 1), {
    // Pauses are made here, on our clock; the library's own would come on top.
    minTimeout: 0,
    retries: maxAttempts - 2,
    ...(signal && { signal }),
    shouldRetry: ({ error }) => error instanceof Failed && again(error),
  }).catch((error: unknown): Outcome<T> => {
    if (error instanceof Failed) return { error: error.cause };
    throw error;
  });
  if ('value' in outcome) return outcome.value;
  throw outcome.error;
}

type Repeatable = RetryVerdict & { readonly retry: true };

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Wraps what an attempt threw: p-retry never repeats a `TypeError` and only knows errors, but here the classifier decides. */
class Failed extends Error {
  readonly verdict: Repeatable;
  /** Which attempt it was; 1 is the first. */
  readonly number: number;

  constructor(cause: unknown, verdict: Repeatable, number: number) {
    super('The attempt failed.', { cause });
    this.verdict = verdict;
    this.number = number;
  }
}

function pauseFor(verdict: Repeatable, failures: number, random: () => number): number {
  const ownMs =
    verdict.kind === 'rate-limit'
      ? equalJitter(failures, RATE_LIMIT_BACKOFF, random)
      : fullJitter(failures, FAILURE_BACKOFF, random);
  const askedMs = verdict.retryAfterMs ?? 0;
  // If the server named a time there is nothing to guess; only spread the callers, so that they do not all come back at the same instant.
  return askedMs > 0 ? askedMs + spread(askedMs, random) : ownMs;
}

function tooLong(retryAfterMs: number, cause: unknown): LimitError {
  return new LimitError(
    'LIMIT_RETRY_AFTER_TOO_LONG',
    `The server asks for a pause of ${Math.ceil(retryAfterMs)} ms, longer than this call may wait.`,
    {
      hint: `${comeBackIn(retryAfterMs)}, or allow longer pauses (maxRetryAfterMs, deadlineMs).`,
      retryable: true,
      retryAfterMs,
      cause,
    },
  );
}
