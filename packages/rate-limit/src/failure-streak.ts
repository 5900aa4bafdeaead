import { FAILURE_BACKOFF, fullJitter } from './backoff.js';

/**
 * Failures in a row of one key. They close nothing: that is a breaker's business. They only tell a caller how long to pause
 * before it tries again.
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

  /** Returns the milliseconds that the caller should pause. */
  failed(now: number): number {
    // Within the pause of the one before, nobody has tried again yet: this call was on its way, and a hundred of them are one outage.
    const isNew = now >= this.#pausedUntil;
    if (isNew) this.#length += 1;
    const pauseMs = fullJitter(this.#length, FAILURE_BACKOFF, this.#random);
    if (isNew) this.#pausedUntil = now + pauseMs;
    return pauseMs;
  }
}
