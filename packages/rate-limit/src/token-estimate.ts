/** Assumed before anything has been measured, in tokens. A rough middle of chat requests; the first answers replace it. */
const FIRST_GUESS = 1000;

/**
 * A running mean and mean deviation, weighted as TCP does for round trips (RFC 6298: 1/8 and 1/4), with a smaller first deviation: here all
 * waiting callers pay for an estimate that is too high, while settling corrects one that is too low.
 */
export class TokenEstimate {
  #mean = FIRST_GUESS;
  #deviation = 0;
  #samples = 0;

  add(tokens: number): void {
    if (this.#samples === 0) {
      this.#mean = tokens;
      this.#deviation = tokens / 4;
    } else {
      this.#deviation += (Math.abs(tokens - this.#mean) - this.#deviation) / 4;
      this.#mean += (tokens - this.#mean) / 8;
    }
    this.#samples += 1;
  }

  /** What to reserve: the mean plus one deviation, so that most requests need no more than they reserved. */
  get value(): number {
    return Math.ceil(this.#mean + this.#deviation);
  }
}
