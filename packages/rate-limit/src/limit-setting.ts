/** A limit to count by, with configuration, learned limits and probing already taken into account. */
export interface LimitSetting {
  readonly limit: number;
  readonly burstMs: number;
  readonly algorithm: 'bucket' | 'window';
  /** The largest amount that may be taken at once, which may be above the limit. Default: the limit. */
  readonly largest?: number;
}

/** The state of one limit. */
export interface DimensionState {
  readonly limit: number;
  readonly periodMs: number;
  /** Taken within the last period, open reservations included. */
  readonly used: number;
  /** What is left of the limit in this period, never below 0. */
  readonly left: number;
  /** What could be taken at this moment: at most one burst, below 0 while a debt is being paid off. */
  readonly ready: number;
  /** Milliseconds until everything that can be saved up is available again. */
  readonly resetMs: number;
}
