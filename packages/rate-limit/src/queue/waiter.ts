import type { Demand } from '../limits.js';
import type { Stamp } from '../shared/outbox.js';

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
  /** Only asks whether it is its turn, and goes when it is not. */
  readonly isTrial: boolean;
  /** It has to wait; a trial goes. */
  queued(): void;
  /** The caller's turn has come; `stamp` where it came from a store. */
  grant(now: number, stamp?: Stamp): void;
  refuse(reason: unknown): void;
}
