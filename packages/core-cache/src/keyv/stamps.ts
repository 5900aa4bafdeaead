import type { Clock } from '../clock.js';

const STAMPS_PER_MS = 1000;

/**
 * Numbers that only grow, near enough to the time that those of several processes can be compared: a Keyv store has no counter
 * that they could share. Microseconds since the epoch; whoever makes more than a thousand a millisecond runs ahead of the time.
 */
export class Stamps {
  readonly #clock: Clock;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Above all before it. */
  next(): number {
    this.#last = Math.max(this.#last + 1, this.#now());
    return this.#last;
  }

  /** All of the past is at most this, all of the future above. */
  current(): number {
    this.#last = Math.max(this.#last, this.#now());
    return this.#last;
  }

  /** Takes note of another's, so that the next is above it. */
  observe(stamp: number): void {
    this.#last = Math.max(this.#last, stamp);
  }

  #now(): number {
    return Math.floor(this.#clock.now() * STAMPS_PER_MS);
  }
}
