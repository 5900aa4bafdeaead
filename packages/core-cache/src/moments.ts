/** Whole milliseconds would outgrow the small integers of V8 within a month; these last for a year, and beyond that all is as right, if slower. */
const MOMENT_MS = 16;
/** Further than anything is settled ahead. */
const JUMP = 2 ** 16;

/**
 * Time as small whole numbers, for the hit path: they only grow. A wall clock that is set back begins far ahead, so that whatever was
 * settled before has to be judged again.
 */
export class Moments {
  #epoch: number | undefined;
  #newest = 0;

  /** The moment of a time that has come. */
  reach(now: number): number {
    this.#epoch ??= now;
    const moment = this.of(now);
    if (moment < this.#newest) this.#epoch = now - (this.#newest + JUMP) * MOMENT_MS;
    this.#newest = this.of(now);
    return this.#newest;
  }

  /** The last moment not after a time; before it, the time has not come. */
  of(time: number): number {
    return Math.floor((time - (this.#epoch ?? time)) / MOMENT_MS);
  }
}
