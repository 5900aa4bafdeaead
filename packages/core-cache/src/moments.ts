/**
 * Whole milliseconds would outgrow V8's small integers within a month; these last for a year. Beyond that everything stays correct, only
 * slower.
 */
const MOMENT_MS = 16;
/** Further ahead than anything is ever settled. */
const JUMP = 2 ** 16;

/**
 * Time as small integers that only grow, for the hit path. When the wall clock is set back, moments jump far ahead, so that everything
 * settled before is judged again.
 */
export class Moments {
  #epoch: number | undefined;
  #newest = 0;

  /** Advances to the moment of the current time and returns it. */
  reach(now: number): number {
    this.#epoch ??= now;
    const moment = this.of(now);
    if (moment < this.#newest) this.#epoch = now - (this.#newest + JUMP) * MOMENT_MS;
    this.#newest = this.of(now);
    return this.#newest;
  }

  /** The last moment at or before a time; at any earlier moment the time has not come. */
  of(time: number): number {
    return Math.floor((time - (this.#epoch ?? time)) / MOMENT_MS);
  }
}
