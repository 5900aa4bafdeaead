import type { HeaderSource } from './headers/header-source.js';
import type { LimitEvent } from './history.js';
import type { Lease } from './lease.js';
import type { AcquireRequest, LimiterOptions, SharedLimiterOptions } from './limiter-options.js';
import type { Limits } from './limits.js';
import { LocalLimiter } from './local-limiter.js';
import { StoreLimiter } from './shared/store-limiter.js';
import type { KeySnapshot, LimiterSnapshot } from './snapshot.js';

/** Lets calls through as the limits of their keys allow. */
export interface Limiter {
  /**
   * Reserves what a call needs, waiting for its turn. Rejects with a `LimitError` when the turn cannot come in time, with
   * `signal.reason` when aborted.
   */
  acquire(request: AcquireRequest): Promise<Lease>;
  /**
   * The same for a hot path: the lease where it can be given at once, without a queue and without asking a store. `undefined` means to
   * call `acquire`, and nothing else. Throws a `LimitError` when the limiter is closed, or the reason of the signal.
   */
  acquireAtOnce(request: AcquireRequest): Lease | undefined;
  /** The same without waiting: `undefined` when it is not this caller's turn. */
  tryAcquire(request: AcquireRequest): Lease | undefined;
  /** Learns limits from the headers of any response, good or bad; for a 429 `recordRateLimit` does it. */
  observe(key: string, headers: HeaderSource): void;
  /**
   * A call succeeded, or its answer has begun well: failures are forgiven, and what is being probed may grow. For who has the lease
   * of the call no longer; else call its `accepted`, and not both. Where neither is ever called, settlements that tell some usage
   * stand in for them.
   */
  recordSuccess(key: string): void;
  /**
   * A call failed through no fault of its own (5xx, no connection). Returns the ms to pause before it is tried again: full jitter,
   * doubling with each failure in a row of the key. Closes nothing; for an upstream that is down, use a breaker.
   */
  recordFailure(key: string): number;
  /** A call was answered with 429. Closes the key for everyone; returns for how many ms. */
  recordRateLimit(key: string, headers?: HeaderSource): number;
  /** Replaces the limits of one key, over the default ones. What was used stays used, and refill goes on. */
  setLimits(key: string, limits: Limits): void;
  snapshot(): LimiterSnapshot;
  /** One key of the snapshot; `undefined` when it is not known. */
  inspect(key: string): KeySnapshot | undefined;
  /** The latest refusals by upstreams, waits and refusals of our own, 200 of each at most; the latest first. */
  history(): readonly LimitEvent[];
  /** Refuses those who wait and everyone who comes. Open leases may still end. */
  close(): void;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A limiter whose limits, open leases and gates are shared with other processes. */
export interface SharedLimiter extends Omit<Limiter, 'tryAcquire'> {
  /** As `acquire` without waiting, but for the store: `undefined` when it is not this caller's turn. */
  tryAcquire(request: AcquireRequest): Promise<Lease | undefined>;
}

/** For code that only ever waits: everything but `tryAcquire` is alike. */
export type AnyLimiter = Limiter | SharedLimiter;

/** Throws a `TypeError` or `RangeError` that names the first option which makes no sense. */
export function createLimiter(options?: LimiterOptions): Limiter;
export function createLimiter(options: SharedLimiterOptions): SharedLimiter;
export function createLimiter(options: LimiterOptions | SharedLimiterOptions): AnyLimiter;
export function createLimiter(options: LimiterOptions | SharedLimiterOptions = {}): AnyLimiter {
  return options.store === undefined ? new LocalLimiter(options) : new StoreLimiter(options);
}
