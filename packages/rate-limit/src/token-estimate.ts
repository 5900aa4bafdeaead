/** Assumed before anything was measured, in tokens. A rough middle of chat requests; the first answers replace it. */
const FIRST_GUESS = 1000;

/** A running mean and mean deviation, weighted as TCP does for round trips (RFC 6298: 1/8 and 1/4), with a smaller first
 * deviation: here too much is paid by all who wait, too little is made up for by settling. */
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

  /** What to reserve: the mean and one deviation, so that most requests do not need more than they reserved. */
  get value(): number {
    return Math.ceil(this.#mean + this.#deviation);
  }
}
