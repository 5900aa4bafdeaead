/** Most moments kept; older ones are merged. A merged trail gives back less, never more. */
export const LONGEST_TRAIL = 32;

/**
 * Remembers how close to full a bucket came, so that a refund gives back no refill that would have overflowed had the refunded amount never
 * been taken. Kept as rising minima: each entry is the least headroom since the entry before.
 */
export class HeadroomTrail {
  readonly #at: number[] = [];
  readonly #room: number[] = [];

  /** Records that the bucket was this far from full at that time (monotonic ms). */
  note(room: number, at: number): void {
    while ((this.#room.at(-1) ?? Number.NEGATIVE_INFINITY) >= room) {
      this.#room.pop();
      this.#at.pop();
    }
    this.#room.push(room);
    this.#at.push(at);
    if (this.#at.length > LONGEST_TRAIL) {
      this.#at.shift();
      this.#room.splice(1, 1);
    }
  }

  /** The part of `amount`, taken at `takenAt`, that may be given back; it no longer counts as headroom for other refunds. */
  claim(amount: number, takenAt: number): number {
    const first = this.#at.findIndex((at) => at > takenAt);
    if (first < 0) return amount;
    const claimed = Math.min(amount, this.#room[first] ?? 0);
    if (claimed <= 0) return 0;
    const later = this.#room.splice(first).map((room) => room - claimed);
    const times = this.#at.splice(first);
    for (const [i, room] of later.entries()) this.note(room, times[i] ?? takenAt);
    return claimed;
  }
}
