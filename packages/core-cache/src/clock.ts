/** Where the time comes from. Tests hand in their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** The wall clock: entries outlive the process, so their times must too. */
export const systemClock: Clock = { now: () => Date.now() };
