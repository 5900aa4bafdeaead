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
  /** Order of arrival, which breaks ties. */
  readonly sequence: number;
  /** Only asks whether it is its turn, and leaves if it is not. */
  readonly isTrial: boolean;
  /** The caller has to wait; a trial leaves. */
  queued(): void;
  /** The caller's turn has come; `stamp` if a store granted it. */
  grant(now: number, stamp?: Stamp): void;
  refuse(reason: unknown): void;
}
