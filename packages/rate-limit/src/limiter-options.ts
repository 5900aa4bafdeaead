import type { Clock } from './clock.js';
import type { Limits } from './limits.js';
import type { LimitStore } from './shared/limit-store.js';

export interface QueueOptions {
  /** Callers that may wait for one key. Default 10000. 0: nobody waits. */
  readonly maxLength?: number;
  /** Longest that a caller waits, ms. Default 60000. One whose turn is expected later is refused at once. */
  readonly maxWaitMs?: number;
  /** Waiting this long makes a caller one level more urgent, ms. Default 10000. */
  readonly ageingMs?: number;
}

export interface LimiterOptions {
  /** Limits of every key that has none of its own. Default: none, they are learned. */
  readonly limits?: Limits;
  /** Limits of single keys; what they leave out is taken from `limits`. */
  readonly keys?: Readonly<Record<string, Limits>>;
  readonly queue?: QueueOptions;
  /**
   * Whether to feel the way while limits are unknown or do not hold: few calls at once until the first answers are in, and a rate
   * that gives way to 429s and grows again. Default true. What headers tell is learned in any case.
   */
  readonly adaptive?: boolean;
  /** Keys remembered; beyond, those idle for longest are forgotten, with what was learned of them. Default 10000. */
  readonly maxKeys?: number;
  readonly clock?: Clock;
  /** From 0 to below 1. Default `Math.random`. */
  readonly random?: () => number;
  /** Shares limits with other processes: see `SharedLimiterOptions`. */
  readonly store?: undefined;
}

/** A limiter that shares limits, open leases, gates and what was learned with all who use the same store. */
export interface SharedLimiterOptions extends Omit<LimiterOptions, 'store'> {
  /** Stays the caller's to close. */
  readonly store: LimitStore;
  /**
   * How many processes use the store. Only counts until the store has told: while it cannot be reached, each of so many goes on
   * with its part of the limits. Default 1.
   */
  readonly processes?: number;
}

export interface AcquireRequest {
  /** What the limits belong to, such as provider, credential and model. */
  readonly key: string;
  /** Tokens to reserve. Left out: what calls of this key used so far, on average and a bit. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Higher goes first. Default 0. */
  readonly priority?: number;
  /** Tenants of one key share it fairly. Default: all are one tenant. */
  readonly tenant?: string;
  /** Longest to wait, ms from now, if less than the queue's `maxWaitMs`. Refused at once when the wait is expected to be longer. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** Called once if the caller has to wait. */
  readonly onQueued?: (place: QueuePlace) => void;
}

export interface QueuePlace {
  /** How many are served first, as it looks now; 0 is next. */
  readonly position: number;
  readonly expectedWaitMs: number;
}

/** Options with their defaults filled in. */
export interface QueueBounds {
  readonly maxLength: number;
  readonly maxWaitMs: number;
  readonly ageingMs: number;
}

export function queueBounds(options: QueueOptions = {}): QueueBounds {
  const { maxLength = 10_000, maxWaitMs = 60_000, ageingMs = 10_000 } = options;
  if (!(maxLength >= 0)) throw new RangeError(`queue.maxLength must be 0 or more, got ${maxLength}`);
  if (!(maxWaitMs >= 0)) throw new RangeError(`queue.maxWaitMs must be 0 or more, got ${maxWaitMs}`);
  if (!(ageingMs > 0)) throw new RangeError(`queue.ageingMs must be above 0, got ${ageingMs}`);
  return { maxLength, maxWaitMs, ageingMs };
}

export function checkRequest(request: AcquireRequest): void {
  const { key, inputTokens, outputTokens, priority, deadlineMs } = request;
  if (typeof key !== 'string' || key === '')
    throw new TypeError(`key must be a non-empty string, got ${String(key)}`);
  if (inputTokens !== undefined) checkAmount('inputTokens', inputTokens);
  if (outputTokens !== undefined) checkAmount('outputTokens', outputTokens);
  if (priority !== undefined && !Number.isFinite(priority)) {
    throw new RangeError(`priority must be a finite number, got ${priority}`);
  }
  if (deadlineMs !== undefined && !(deadlineMs >= 0)) {
    throw new RangeError(`deadlineMs must be 0 or more, got ${deadlineMs}`);
  }
}

function checkAmount(name: string, value: number): void {
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be 0 or more, got ${value}`);
  }
}
