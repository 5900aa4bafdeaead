/** Counts one limit over time. All times are monotonic milliseconds. */
export interface Meter {
  readonly periodMs: number;
  readonly limit: number;
  /** The largest amount that can be taken at once: the limit or more. */
  readonly largest: number;
  /** Changes the limit; what was used so far stays used, and refill goes on. */
  configure(limit: number, burstMs: number, now: number, largest?: number): void;
  /** Milliseconds until `amount` may be taken; 0 when it may be taken now, `Infinity` when it never fits. */
  waitMs(amount: number, now: number): number;
  /** Estimated milliseconds until `amount` may be taken by someone behind others who take `ahead` first. */
  backlogMs(ahead: number, amount: number, now: number): number;
  /** Takes without asking; a settlement may take more than there is, which later callers wait for. */
  take(amount: number, now: number): void;
  /** Gives back what was taken at `takenAt`. */
  give(amount: number, takenAt: number, now: number): void;
  /** The provider says that no more than `left` may be taken now. Never raises what is left. */
  lower(left: number, now: number): void;
  /** What may be taken at this moment; negative while in debt. */
  ready(now: number): number;
  /** Taken within the last period. */
  used(now: number): number;
  /** Milliseconds until the whole allowance is there again. */
  resetMs(now: number): number;
  /** What was taken and has not come back yet. */
  owed(now: number): number;
  /** Replaces what was counted: so much may be taken now, so much was taken within the last period. */
  correct(ready: number, used: number, now: number): void;
}
