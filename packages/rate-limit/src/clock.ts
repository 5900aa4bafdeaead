/** The only gateway to time: everything that waits or measures takes a clock, so that tests can control it. */
export interface Clock {
  /** Monotonic milliseconds from an arbitrary origin, for all intervals: a wall clock may jump. */
  now(): number;
  /** Wall clock, milliseconds since the epoch, for dates in headers and for people to read. */
  wallNow(): number;
  /**
   * Calls `callback` once after `delayMs`; returns a function that cancels it. `isQuiet`: nobody waits for it, so it must not keep the
   * process alive.
   */
  schedule(callback: () => void, delayMs: number, isQuiet?: boolean): () => void;
}

/** `setTimeout` fires at once for longer delays. */
const LONGEST_DELAY_MS: number = 2 ** 31 - 1;

/**
 * The machine's clock. Its timers keep the process alive on purpose, unless they are quiet: a timer runs only while a caller waits for its
 * turn, and a process that ended then would silently drop that caller.
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  schedule: (callback, delayMs, isQuiet) => {
    // Rounded up, because a timer that fires a fraction early would only have to be set again.
    const timer = setTimeout(callback, Math.min(LONGEST_DELAY_MS, Math.max(1, Math.ceil(delayMs))));
    if (isQuiet === true) timer.unref();
    return () => clearTimeout(timer);
  },
};
