import type { Meter } from './meter.js';
import { EPSILON, SlidingSum } from './sliding-sum.js';

export interface WindowMeterOptions {
  readonly limit: number;
  readonly periodMs: number;
  /** Resolution: what was taken comes back within one slot after its period, so at most 1/slots of the limit stays unused. */
  readonly slots: number;
}

/** Never more than the limit in any stretch of `periodMs`. */
export class WindowMeter implements Meter {
  readonly periodMs: number;
  readonly #sum: SlidingSum;
  #limit: number;
  #largest: number;
  /** What others have taken as far as headers tell, which counts until the provider's own period ends (monotonic ms). */
  #others = 0;
  #othersUntil = Number.NEGATIVE_INFINITY;

  constructor(options: WindowMeterOptions) {
    this.periodMs = options.periodMs;
    this.#limit = options.limit;
    this.#largest = options.limit;
    this.#sum = new SlidingSum(options.periodMs, options.slots);
  }

  get limit(): number {
    return this.#limit;
  }

  get largest(): number {
    return this.#largest;
  }

  configure(limit: number, _burstMs: number, _now: number, largest: number = limit): void {
    this.#limit = limit;
    this.#largest = Math.max(limit, largest);
  }

  waitMs(amount: number, now: number): number {
    const fits = amount <= this.#largest ? Math.min(amount, this.#limit) : amount;
    const excess = this.used(now) + fits - this.#limit;
    if (excess <= EPSILON) return 0;
    const others = this.#othersAt(now);
    const waitMs = this.#sum.msUntilGone(excess, now);
    if (others === 0) return waitMs;
    return Math.min(waitMs, Math.max(this.#othersUntil - now, this.#sum.msUntilGone(excess - others, now)));
  }

  backlogMs(ahead: number, amount: number, now: number): number {
    const whole = Math.floor(ahead / this.#limit);
    const rest = ahead - whole * this.#limit + amount;
    const waitMs = this.waitMs(rest, now);
    return whole * this.periodMs + (Number.isFinite(waitMs) ? waitMs : this.periodMs);
  }

  take(amount: number, now: number): void {
    this.#sum.add(amount, now);
  }

  give(amount: number, takenAt: number, now: number): void {
    this.#sum.subtract(amount, takenAt, now);
  }

  lower(left: number, now: number, resetMs: number = this.periodMs): void {
    const excess = this.ready(now) - left;
    if (excess <= 0) return;
    this.#others = this.#othersAt(now) + excess;
    this.#othersUntil = now + Math.min(resetMs, this.periodMs);
  }

  ready(now: number): number {
    return this.#limit - this.used(now);
  }

  used(now: number): number {
    return this.#sum.total(now) + this.#othersAt(now);
  }

  resetMs(now: number): number {
    const own = this.#sum.total(now);
    const ownMs = own <= EPSILON ? 0 : this.#sum.msUntilGone(own, now);
    return this.#othersAt(now) === 0 ? ownMs : Math.max(ownMs, this.#othersUntil - now);
  }

  owed(now: number): number {
    return this.used(now);
  }

  correct(_ready: number, used: number, now: number): void {
    this.#others = Math.min(this.#othersAt(now), used);
    this.#sum.correct(used - this.#others, now);
  }

  #othersAt(now: number): number {
    return now < this.#othersUntil ? this.#others : 0;
  }
}
