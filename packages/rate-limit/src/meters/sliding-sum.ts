/**
 * The sum of what was added within the last `periodMs`, kept in a ring of slots. The slot that is only partly within the period counts in
 * full, so the sum is never too small, and too large by at most one slot.
 */
export class SlidingSum {
  readonly slotMs: number;
  readonly #slots: Float64Array;
  #last = Number.NEGATIVE_INFINITY;
  #total = 0;

  constructor(periodMs: number, slots: number) {
    this.slotMs = periodMs / slots;
    this.#slots = new Float64Array(slots + 1);
  }

  add(amount: number, now: number): void {
    this.#advance(now);
    this.#put(this.#last, amount);
  }

  /** Takes back what was added at `addedAt`; nothing if that has already left the period. */
  subtract(amount: number, addedAt: number, now: number): void {
    this.#advance(now);
    const slot = Math.floor(addedAt / this.slotMs);
    if (slot > this.#last - this.#slots.length) this.#put(slot, -Math.min(amount, this.#at(slot)));
  }

  /** Sets the sum to `total`; any excess is removed from the oldest slots first. */
  correct(total: number, now: number): void {
    this.#advance(now);
    let excess = this.#total - total;
    if (excess < 0) this.#put(this.#last, -excess);
    for (let slot = this.#last - this.#slots.length + 1; slot <= this.#last && excess > EPSILON; slot++) {
      const dropped = Math.min(excess, this.#at(slot));
      this.#put(slot, -dropped);
      excess -= dropped;
    }
  }

  total(now: number): number {
    this.#advance(now);
    return this.#total;
  }

  /** Milliseconds until at least `amount` of the sum has left the period; `Infinity` if the sum is smaller. */
  msUntilGone(amount: number, now: number): number {
    this.#advance(now);
    let left = amount;
    for (let slot = this.#last - this.#slots.length + 1; slot <= this.#last; slot++) {
      if (left <= 0) break;
      left -= this.#at(slot);
      if (left <= EPSILON) return (slot + this.#slots.length) * this.slotMs - now;
    }
    return left <= 0 ? 0 : Number.POSITIVE_INFINITY;
  }

  #at(slot: number): number {
    return this.#slots[modulo(slot, this.#slots.length)] ?? 0;
  }

  #put(slot: number, change: number): void {
    const index = modulo(slot, this.#slots.length);
    this.#slots[index] = (this.#slots[index] ?? 0) + change;
    this.#total = Math.max(0, this.#total + change);
  }

  #advance(now: number): void {
    const slot = Math.floor(now / this.slotMs);
    const steps = slot - this.#last;
    if (steps <= 0) return;
    if (steps >= this.#slots.length) {
      this.#slots.fill(0);
      this.#total = 0;
    } else {
      for (let gone = this.#last + 1; gone <= slot; gone++) this.#put(gone, -this.#at(gone));
    }
    this.#last = slot;
  }
}

/** Differences below this are rounding, not tokens. */
export const EPSILON = 1e-6;

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
