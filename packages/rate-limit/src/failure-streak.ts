import { FAILURE_BACKOFF, fullJitter } from './backoff.js';

/**
 * Consecutive failures of one key. They close nothing, which is up to a breaker; they only determine how long a caller pauses before it
 * tries again.
 */
export class FailureStreak {
  readonly #random: () => number;
  #length = 0;
  /** Monotonic ms. */
  #pausedUntil = Number.NEGATIVE_INFINITY;

  constructor(random: () => number) {
    this.#random = random;
  }

  succeeded(): void {
    this.#length = 0;
    this.#pausedUntil = Number.NEGATIVE_INFINITY;
  }

  /** Returns how long the caller should pause, ms. */
  failed(now: number): number {
    // Nobody has retried yet during the pause after the previous failure: this call was already in flight, and a hundred of them are one
    // outage.
    const isNew = now >= this.#pausedUntil;
    if (isNew) this.#length += 1;
    const pauseMs = fullJitter(this.#length, FAILURE_BACKOFF, this.#random);
    if (isNew) this.#pausedUntil = now + pauseMs;
    return pauseMs;
  }
}
