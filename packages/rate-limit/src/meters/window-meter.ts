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
    const excess = this.#sum.total(now) + fits - this.#limit;
    return excess <= EPSILON ? 0 : this.#sum.msUntilGone(excess, now);
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

  lower(left: number, now: number): void {
    const excess = this.ready(now) - left;
    if (excess > 0) this.#sum.add(excess, now);
  }

  ready(now: number): number {
    return this.#limit - this.#sum.total(now);
  }

  used(now: number): number {
    return this.#sum.total(now);
  }

  resetMs(now: number): number {
    const used = this.#sum.total(now);
    return used <= EPSILON ? 0 : this.#sum.msUntilGone(used, now);
  }

  owed(now: number): number {
    return this.#sum.total(now);
  }

  correct(_ready: number, used: number, now: number): void {
    this.#sum.correct(used, now);
  }
}
