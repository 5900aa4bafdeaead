import type { Clock } from '../clock.js';

const STAMPS_PER_MS = 1000;

/**
 * Increasing numbers, close enough to the time that those of several processes can be compared: a Keyv store has no counter for them to
 * share. Microseconds since the epoch; a process that makes more than a thousand per millisecond runs ahead of the time.
 */
export class Stamps {
  readonly #clock: Clock;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Greater than all stamps before it. */
  next(): number {
    this.#last = Math.max(this.#last + 1, this.#now());
    return this.#last;
  }

  /** All past stamps are at most this; all future ones are greater. */
  current(): number {
    this.#last = Math.max(this.#last, this.#now());
    return this.#last;
  }

  /** Takes note of a stamp from elsewhere, so that the next one is greater. */
  observe(stamp: number): void {
    this.#last = Math.max(this.#last, stamp);
  }

  #now(): number {
    return Math.floor(this.#clock.now() * STAMPS_PER_MS);
  }
}
