import { checkClock, checkFunction, checkNames, checkNumber, show } from './check.js';
import type { Clock } from './clock.js';
import { checkLimits, type Limits } from './limits.js';
import type { LimitStore } from './shared/limit-store.js';

export interface QueueOptions {
  /** Number of callers that may wait for one key. Default 10000. 0: no waiting. */
  readonly maxLength?: number;
  /** How long a caller may wait, ms. Default 60000. A caller whose turn is expected later is refused at once. */
  readonly maxWaitMs?: number;
  /** How long a caller waits to become one level more urgent, ms. Default 10000. `Infinity`: waiting makes no one more urgent. */
  readonly ageingMs?: number;
}

export interface LimiterOptions {
  /** Limits of every key that has none of its own. Default: none; they are learned. */
  readonly limits?: Limits;
  /** Limits of individual keys; whatever they leave out is taken from `limits`. */
  readonly keys?: Readonly<Record<string, Limits>>;
  readonly queue?: QueueOptions;
  /**
   * Whether to probe while limits are unknown or wrong: few concurrent calls until the first answers are in, and a rate that is lowered by
   * 429s and grows again. Default true. What headers report is learned in any case.
   */
  readonly adaptive?: boolean;
  /** Number of keys remembered; beyond it, those idle for longest are forgotten, with what was learned about them. Default 10000. */
  readonly maxKeys?: number;
  readonly clock?: Clock;
  /** Returns numbers from 0 to below 1. Default `Math.random`. */
  readonly random?: () => number;
  /** Shares limits with other processes: see `SharedLimiterOptions`. */
  readonly store?: undefined;
}

/** Options of a limiter that shares limits, open leases, gates and everything learned with all other users of the same store. */
export interface SharedLimiterOptions extends Omit<LimiterOptions, 'store'> {
  /** The limiter does not close it. */
  readonly store: LimitStore;
  /**
   * How many processes use the store. Matters only until the store has reported it: while the store cannot be reached, each of that many
   * continues with its share of the limits. Default 1.
   */
  readonly processes?: number;
}

export interface AcquireRequest {
  /** What the limits belong to, such as provider, credential and model. */
  readonly key: string;
  /** Tokens to reserve. Default: slightly more than calls of this key have used on average. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** Without `inputTokens`: reserve no fewer than this, however few are expected, unless the limits never allow so many. */
  readonly minInputTokens?: number;
  /** Higher goes first. Default 0. */
  readonly priority?: number;
  /** Tenants of one key share it fairly. Default: all are one tenant. */
  readonly tenant?: string;
  /** How long to wait, ms from now, if less than the queue's `maxWaitMs`. Refused at once if the wait is expected to be longer. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** Called once if the caller has to wait. */
  readonly onQueued?: (place: QueuePlace) => void;
}

export interface QueuePlace {
  /** How many callers are expected to be served first; 0 is next. */
  readonly position: number;
  readonly expectedWaitMs: number;
}

/** Options with their defaults filled in. */
export interface QueueBounds {
  readonly maxLength: number;
  readonly maxWaitMs: number;
  readonly ageingMs: number;
}

/** Eleven days. Urgency is counted as a time, and infinite ones cannot be compared. */
const LONGEST_AGEING_MS = 1e9;

const knownOptions: Record<keyof LimiterOptions | keyof SharedLimiterOptions, true> = {
  limits: true,
  keys: true,
  queue: true,
  adaptive: true,
  maxKeys: true,
  store: true,
  processes: true,
  clock: true,
  random: true,
};
const knownBounds: Record<keyof QueueOptions, true> = { maxLength: true, maxWaitMs: true, ageingMs: true };

/** Throws a `TypeError` or `RangeError` that names the first invalid option. */
export function checkLimiterOptions(options: LimiterOptions | SharedLimiterOptions): void {
  checkNames('createLimiter', options, knownOptions);
  const { limits, keys = {}, adaptive, maxKeys = 1, clock, random } = options;
  if (limits !== undefined) checkLimits(limits, 'limits');
  if (typeof keys !== 'object' || keys === null)
    throw new TypeError(`keys must be an object of limits by key, got ${show(keys)}`);
  for (const [key, own] of Object.entries(keys)) checkLimits(own, `keys[${JSON.stringify(key)}]`);
  if (adaptive !== undefined && typeof adaptive !== 'boolean')
    throw new TypeError(`adaptive must be a boolean, got ${show(adaptive)}`);
  checkNumber('maxKeys', maxKeys);
  if (!(maxKeys >= 1)) throw new RangeError(`maxKeys must be 1 or more, got ${maxKeys}`);
  checkClock(clock);
  checkFunction('random', random);
}

export function queueBounds(options: QueueOptions = {}): QueueBounds {
  checkNames('queue', options, knownBounds);
  const { maxLength = 10_000, maxWaitMs = 60_000, ageingMs = 10_000 } = options;
  for (const [name, value] of Object.entries({ maxLength, maxWaitMs, ageingMs }))
    checkNumber(`queue.${name}`, value);
  if (!(maxLength >= 0)) throw new RangeError(`queue.maxLength must be 0 or more, got ${maxLength}`);
  if (!(maxWaitMs >= 0)) throw new RangeError(`queue.maxWaitMs must be 0 or more, got ${maxWaitMs}`);
  if (!(ageingMs > 0)) throw new RangeError(`queue.ageingMs must be above 0, got ${ageingMs}`);
  return { maxLength, maxWaitMs, ageingMs: Math.min(ageingMs, LONGEST_AGEING_MS) };
}

const knownOfRequest: Record<keyof AcquireRequest, true> = {
  key: true,
  inputTokens: true,
  outputTokens: true,
  minInputTokens: true,
  priority: true,
  tenant: true,
  deadlineMs: true,
  signal: true,
  onQueued: true,
};

export function checkRequest(request: AcquireRequest): void {
  checkNames('acquire', request, knownOfRequest);
  const { key, inputTokens, outputTokens, minInputTokens, priority, tenant, deadlineMs } = request;
  if (typeof key !== 'string' || key === '')
    throw new TypeError(`key must be a non-empty string, got ${show(key)}`);
  if (inputTokens !== undefined) checkAmount('inputTokens', inputTokens);
  if (outputTokens !== undefined) checkAmount('outputTokens', outputTokens);
  if (minInputTokens !== undefined) checkAmount('minInputTokens', minInputTokens);
  if (priority !== undefined && !Number.isFinite(priority)) {
    throw new RangeError(`priority must be a finite number, got ${show(priority)}`);
  }
  const most = Number.MAX_SAFE_INTEGER;
  if (priority !== undefined && Math.abs(priority) > most)
    throw new RangeError(`priority must be between ${-most} and ${most}, got ${priority}`);
  if (tenant !== undefined && typeof tenant !== 'string')
    throw new TypeError(`tenant must be a string, got ${show(tenant)}`);
  if (deadlineMs === undefined) return;
  checkNumber('deadlineMs', deadlineMs);
  if (!(deadlineMs >= 0)) throw new RangeError(`deadlineMs must be 0 or more, got ${deadlineMs}`);
}

function checkAmount(name: string, value: number): void {
  checkNumber(name, value);
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${name} must be 0 or more, got ${value}`);
  }
}
