/** A limit to count by, with everything that was configured, learned and probed already folded into it. */
export interface LimitSetting {
  readonly limit: number;
  readonly burstMs: number;
  readonly algorithm: 'bucket' | 'window';
  /** The largest amount that may be taken at once, though it may take what is saved up beyond the limit. Default: the limit. */
  readonly largest?: number;
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
