/** Results of retries and fallbacks since the pipeline was created. Plain counters. */
export interface SecondChances {
  /** Retries at the same upstream. */
  readonly retries: number;
  /** Calls that were retried. */
  readonly retriedCalls: number;
  /** Retried calls that then succeeded. */
  readonly retriesPaidOff: number;
  /** Times another upstream of the route was asked because the previous one failed. */
  readonly fallbacks: number;
  /** Fallbacks that succeeded. */
  readonly fallbacksPaidOff: number;
}

export type SecondChanceCounts = { -readonly [Name in keyof SecondChances]: number };

export function createSecondChanceCounts(): SecondChanceCounts {
  return { retries: 0, retriedCalls: 0, retriesPaidOff: 0, fallbacks: 0, fallbacksPaidOff: 0 };
}
