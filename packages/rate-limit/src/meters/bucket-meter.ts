import { HeadroomTrail } from './headroom-trail.js';
import type { Meter } from './meter.js';
import { EPSILON, SlidingSum } from './sliding-sum.js';

const MINUTE_MS = 60_000;
/** For the usage within the last minute, which is only displayed. */
export const SLOTS_OF_USED = 12;

export interface BucketMeterOptions {
  /** Per minute. */
  readonly limit: number;
  readonly burstMs: number;
  /** Smallest capacity in units, whatever the burst: 1 for requests, or a small limit could never be used. */
  readonly minCapacity: number;
  /**
   * How far, as time, refunds may raise the bucket above what it would hold had the refunded amounts never been taken. Without it, callers
   * that waited for an amount that is then given back would have waited for nothing.
   */
  readonly refundGraceMs: number;
  readonly now: number;
}

/**
 * A token bucket with continuous refill, which allows exactly what GCRA allows but keeps a level instead of an arrival time, so that the
 * limit can change while it runs. An amount above the capacity but within the limit of a minute passes a full bucket and leaves a debt: the
 * average holds and a large request is never stuck.
 */
export class BucketMeter implements Meter {
  readonly periodMs: number = MINUTE_MS;
  readonly #minCapacity: number;
  readonly #used = new SlidingSum(MINUTE_MS, SLOTS_OF_USED);
  readonly #refundGraceMs: number;
  readonly #trail = new HeadroomTrail();
  #limit: number;
  #largest: number;
  #perMs: number;
  #capacity: number;
  #level: number;
  #at: number;

  constructor(options: BucketMeterOptions) {
    this.#minCapacity = options.minCapacity;
    this.#refundGraceMs = options.refundGraceMs;
    this.#limit = options.limit;
    this.#largest = options.limit;
    this.#perMs = options.limit / MINUTE_MS;
    this.#capacity = this.#capacityFor(options.burstMs);
    this.#level = this.#capacity;
    this.#at = options.now;
  }

  get limit(): number {
    return this.#limit;
  }

  get largest(): number {
    return this.#largest;
  }

  configure(limit: number, burstMs: number, now: number, largest: number = limit): void {
    this.#refill(now);
    this.#largest = Math.max(limit, largest);
    this.#limit = limit;
    this.#perMs = limit / MINUTE_MS;
    this.#capacity = this.#capacityFor(burstMs);
    this.#level = Math.min(this.#level, this.#capacity);
  }

  waitMs(amount: number, now: number): number {
    this.#refill(now);
    if (amount > this.#largest && amount > this.#minCapacity) return Number.POSITIVE_INFINITY;
    const missing = Math.min(amount, this.#capacity) - this.#level;
    return missing <= EPSILON ? 0 : missing / this.#perMs;
  }

  backlogMs(ahead: number, amount: number, now: number): number {
    this.#refill(now);
    const missing = ahead + Math.min(amount, this.#capacity) - this.#level;
    return missing <= EPSILON ? 0 : missing / this.#perMs;
  }

  take(amount: number, now: number): void {
    this.#refill(now);
    this.#trail.note(this.#capacity - this.#level + this.#refundGraceMs * this.#perMs, now);
    this.#level -= amount;
    this.#used.add(amount, now);
  }

  give(amount: number, takenAt: number, now: number): void {
    this.#refill(now);
    this.#level = Math.min(this.#capacity, this.#level + this.#trail.claim(amount, takenAt));
    this.#used.subtract(amount, takenAt, now);
  }

  lower(left: number, now: number): void {
    this.#refill(now);
    if (left >= this.#capacity) return;
    this.#level = Math.min(this.#level, left);
    // What was taken before is already counted in `left`; refunds of it must not raise the level beyond `left`.
    this.#trail.note(Math.max(0, left - this.#level), now);
  }

  ready(now: number): number {
    this.#refill(now);
    return this.#level;
  }

  used(now: number): number {
    return this.#used.total(now);
  }

  resetMs(now: number): number {
    this.#refill(now);
    return (this.#capacity - this.#level) / this.#perMs;
  }

  owed(now: number): number {
    this.#refill(now);
    return this.#capacity - this.#level;
  }

  correct(ready: number, used: number, now: number): void {
    this.#refill(now);
    this.#level = Math.min(this.#capacity, ready);
    this.#used.correct(used, now);
  }

  #capacityFor(burstMs: number): number {
    return Math.max(this.#minCapacity, (this.#limit * burstMs) / MINUTE_MS);
  }

  #refill(now: number): void {
    if (now <= this.#at) return;
    this.#level = Math.min(this.#capacity, this.#level + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}
