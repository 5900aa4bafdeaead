import type { Demand } from '../limits.js';

/** One caller in a queue. */
export interface Waiter {
  readonly demand: Demand;
  readonly priority: number;
  readonly tenant: string;
  /** Monotonic ms. */
  readonly enqueuedAt: number;
  /** Monotonic ms; past it the caller is refused. */
  readonly expiresAt: number;
  /** Ties are broken by who came first. */
  readonly sequence: number;
  /** The caller's turn has come. */
  grant(now: number): void;
  refuse(reason: unknown): void;
}
