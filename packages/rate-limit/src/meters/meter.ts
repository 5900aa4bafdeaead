/** Counts one limit over time. All times are monotonic milliseconds. */
export interface Meter {
  readonly periodMs: number;
  readonly limit: number;
  /** The largest amount that can be taken at once: the limit or more. */
  readonly largest: number;
  /** Changes the limit; usage so far still counts, and refilling continues. */
  configure(limit: number, burstMs: number, now: number, largest?: number): void;
  /** Milliseconds until `amount` may be taken; 0 if it may be taken now, `Infinity` if it never fits. */
  waitMs(amount: number, now: number): number;
  /** Estimated milliseconds until `amount` may be taken, after others have taken `ahead`. */
  backlogMs(ahead: number, amount: number, now: number): number;
  /** Takes without checking; a settlement may take more than there is, and later callers wait for it. */
  take(amount: number, now: number): void;
  /** Gives back what was taken at `takenAt`. */
  give(amount: number, takenAt: number, now: number): void;
  /** The provider says that no more than `left` may be taken now, until its limit is whole again in `resetMs`. Never raises what is left. */
  lower(left: number, now: number, resetMs?: number): void;
  /** What may be taken at this moment; negative while in debt. */
  ready(now: number): number;
  /** Taken within the last period. */
  used(now: number): number;
  /** Milliseconds until the whole allowance is there again. */
  resetMs(now: number): number;
  /** What was taken and has not come back yet. */
  owed(now: number): number;
  /** Replaces the counts: `ready` may be taken now, `used` was taken within the last period. */
  correct(ready: number, used: number, now: number): void;
}
