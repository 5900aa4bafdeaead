import type { Demand, Dimension } from './limits.js';

/** A limit to count by, with everything that was configured, learned and probed already folded into it. */
export interface LimitSetting {
  readonly limit: number;
  readonly burstMs: number;
  readonly algorithm: 'bucket' | 'window';
}

/** Where one limit stands. */
export interface DimensionState {
  readonly limit: number;
  readonly periodMs: number;
  /** Taken within the last period, open reservations included. */
  readonly used: number;
  /** What is left of the limit in this period, never below 0. */
  readonly left: number;
  /** What could be taken at this very moment: at most one burst, below 0 while a debt is paid off. */
  readonly ready: number;
  /** Milliseconds until everything that can be saved up is there again. */
  readonly resetMs: number;
}

/**
 * All limits of one key, taken all or none. The contract speaks in plain numbers and decides in one call, so that the counts can
 * live elsewhere than in this process's memory. Times are monotonic milliseconds.
 */
export interface Quota {
  /** Takes the demand and returns 0, or takes nothing and returns the milliseconds after which it may fit; `Infinity` when only an end of another reservation can help. */
  reserve(demand: Demand, now: number): number;
  /** Ends a reservation: `actual` was really used. */
  settle(reserved: Demand, actual: Demand, takenAt: number, now: number): void;
  /** Starts, changes or (with `undefined`) ends the counting of one limit. */
  setLimit(dimension: Dimension, setting: LimitSetting | undefined, now: number): void;
  setMaxConcurrent(limit: number): void;
  /** No more than `left` may be taken of this limit now, says the provider. */
  lower(dimension: Dimension, left: number, now: number): void;
  /** The limit that is smaller than the demand by itself, if any. */
  exceededBy(demand: Demand): { readonly dimension: Dimension; readonly limit: number } | undefined;
  /** Estimated milliseconds until `demand` fits, behind others who take `ahead` first. */
  backlogMs(ahead: Demand, demand: Demand, now: number): number;
  /** The largest part that the demand takes of any limit (its dominant share); 1 when nothing is limited. */
  shareOf(demand: Demand): number;
  inspect(now: number): Partial<Record<Dimension, DimensionState>>;
  readonly inFlight: number;
  readonly maxConcurrent: number;
}
