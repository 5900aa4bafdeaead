/** Source of the current time. Tests pass their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** How often a cached reading is used before the system is asked again, since a busy loop keeps the timer from firing. */
const USES_PER_READING = 64;
const RESOLUTION_MS = 1;

/**
 * The wall clock in milliseconds; not a monotonic one, because entries outlive the process. Asking the system costs more than the rest of a
 * hit, up to about 0.3 µs on virtual machines, so each reading is reused for a millisecond.
 */
class SystemClock implements Clock {
  #now = 0;
  #usesLeft = 0;
  #isTimed = false;

  now(): number {
    if (this.#usesLeft > 0) {
      this.#usesLeft -= 1;
      return this.#now;
    }
    return this.#read();
  }

  #read(): number {
    this.#now = Date.now();
    this.#usesLeft = USES_PER_READING;
    if (!this.#isTimed) {
      this.#isTimed = true;
      setTimeout(this.#forget, RESOLUTION_MS).unref();
    }
    return this.#now;
  }

  readonly #forget = (): void => {
    this.#isTimed = false;
    this.#usesLeft = 0;
  };
}

export const systemClock: Clock = new SystemClock();
