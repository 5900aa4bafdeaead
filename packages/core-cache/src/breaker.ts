import type { Clock } from './clock.js';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Backs off from something that keeps failing: `failuresToPause` failures in a row pause it for a second, and each failure after a pause
 * doubles the next pause, up to a minute. After each pause it is tried again.
 */
export class Breaker {
  readonly #clock: Clock;
  readonly #failuresToPause: number;
  #failuresInARow = 0;
  #pausedAt = 0;
  #pauseMs = 0;

  constructor(clock: Clock, failuresToPause: number) {
    this.#clock = clock;
    this.#failuresToPause = failuresToPause;
  }

  get isPaused(): boolean {
    if (this.#pauseMs === 0) return false;
    const passedMs = this.#clock.now() - this.#pausedAt;
    // A clock that jumped back must not make the pause longer.
    return passedMs >= 0 && passedMs < this.#pauseMs;
  }

  /** True while failing, even if the pause is over and a retry is due. */
  get isBroken(): boolean {
    return this.#pauseMs > 0;
  }

  succeeded(): void {
    this.#failuresInARow = 0;
    this.#pauseMs = 0;
  }

  failed(): void {
    this.#failuresInARow += 1;
    const pauses = this.#failuresInARow - this.#failuresToPause;
    // Calls that were in flight together fail together; only the first may lengthen the pause.
    if (pauses < 0 || this.isPaused) return;
    this.#pausedAt = this.#clock.now();
    this.#pauseMs = this.#pauseMs === 0 ? FIRST_PAUSE_MS : Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
  }
}
