import type { HeaderSource } from './headers/header-source.js';
import type { LimitEvent } from './history.js';
import type { Lease } from './lease.js';
import type { AcquireRequest, LimiterOptions, SharedLimiterOptions } from './limiter-options.js';
import type { Limits } from './limits.js';
import { LocalLimiter } from './local-limiter.js';
import { StoreLimiter } from './shared/store-limiter.js';
import type { KeySnapshot, LimiterSnapshot } from './snapshot.js';

/** Lets calls through as far as the limits of their keys allow. */
export interface Limiter {
  /**
   * Reserves what a call needs, waiting for its turn. Rejects with a `LimitError` if the turn cannot come in time, and with
   * `signal.reason` if aborted.
   */
  acquire(request: AcquireRequest): Promise<Lease>;
  /**
   * The synchronous version for hot paths: returns the lease if it can be granted at once, without queueing and without asking a store.
   * `undefined` only means that you have to call `acquire`. Throws a `LimitError` if the limiter is closed, or the reason of the signal.
   */
  acquireAtOnce(request: AcquireRequest): Lease | undefined;
  /** Like `acquire`, but without waiting: `undefined` if it is not this caller's turn. */
  tryAcquire(request: AcquireRequest): Lease | undefined;
  /** Learns limits from the headers of any response, successful or not; for a 429, `recordRateLimit` does so itself. */
  observe(key: string, headers: HeaderSource): void;
  /**
   * Reports that a call succeeded, or that its response has begun successfully: resets the count of failures and lets probed limits grow.
   * For callers that no longer have the call's lease; otherwise call its `accepted`, and not both. If neither is ever called, settlements
   * that report usage take their place.
   */
  recordSuccess(key: string): void;
  /**
   * Reports that a call failed through no fault of its own (5xx, no connection). Returns how long to pause before trying again, ms: full
   * jitter, doubling with each consecutive failure of the key. Closes nothing; for an upstream that is down, use a breaker.
   */
  recordFailure(key: string): number;
  /** Reports that a call was answered with 429. Closes the key for everyone, and returns for how long, ms. */
  recordRateLimit(key: string, headers?: HeaderSource): number;
  /** Replaces the limits of one key, overriding the default ones. Usage so far still counts, and refilling continues. */
  setLimits(key: string, limits: Limits): void;
  snapshot(): LimiterSnapshot;
  /** One key of the snapshot; `undefined` if it is not known. */
  inspect(key: string): KeySnapshot | undefined;
  /** Recent refusals by upstreams, waits, and refusals of our own, latest first, up to 200 of each. */
  history(): readonly LimitEvent[];
  /** Refuses all waiting and future callers. Open leases can still be ended. */
  close(): void;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A limiter whose limits, open leases and gates are shared with other processes. */
export interface SharedLimiter extends Omit<Limiter, 'tryAcquire'> {
  /** Like `acquire`, but waits only for the store: `undefined` if it is not this caller's turn. */
  tryAcquire(request: AcquireRequest): Promise<Lease | undefined>;
}

/** For code that always waits: everything except `tryAcquire` is the same. */
export type AnyLimiter = Limiter | SharedLimiter;

/** Throws a `TypeError` or `RangeError` that names the first invalid option. */
export function createLimiter(options?: LimiterOptions): Limiter;
export function createLimiter(options: SharedLimiterOptions): SharedLimiter;
export function createLimiter(options: LimiterOptions | SharedLimiterOptions): AnyLimiter;
export function createLimiter(options: LimiterOptions | SharedLimiterOptions = {}): AnyLimiter {
  return options.store === undefined ? new LocalLimiter(options) : new StoreLimiter(options);
}
