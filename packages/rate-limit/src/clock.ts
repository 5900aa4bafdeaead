/** The only gateway to time: everything that waits or measures takes one of these, so that tests can own the clock. */
export interface Clock {
  /** Monotonic milliseconds from an arbitrary origin. For every interval: a wall clock may jump. */
  now(): number;
  /** Wall clock, milliseconds since the epoch. For dates in headers and for what people read. */
  wallNow(): number;
  /**
   * Calls `callback` once, `delayMs` from now; returns a function that cancels it. `isQuiet`: nobody awaits it, so it should not
   * keep the process alive.
   */
  schedule(callback: () => void, delayMs: number, isQuiet?: boolean): () => void;
}

/** `setTimeout` fires at once for anything longer. */
const LONGEST_DELAY_MS: number = 2 ** 31 - 1;

/**
 * The machine's clock. Its timers keep the process alive on purpose, unless they are quiet: one is running only while a caller
 * awaits its turn, and a process that ended then would drop that caller without a word.
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  schedule: (callback, delayMs, isQuiet) => {
    // Rounded up, because a timer that fires a fraction early only has to be set again.
    const timer = setTimeout(callback, Math.min(LONGEST_DELAY_MS, Math.max(1, Math.ceil(delayMs))));
    if (isQuiet === true) timer.unref();
    return () => clearTimeout(timer);
  },
};
