/** What came of asking again, since the pipeline was made. Plain numbers, added to where it happens. */
export interface SecondChances {
  /** Further attempts at the same upstream. */
  readonly retries: number;
  /** Calls that needed them. */
  readonly retriedCalls: number;
  /** Of these calls, those that had their answer by one. */
  readonly retriesPaidOff: number;
  /** Times that another upstream of the route was asked, because the one before it failed. */
  readonly fallbacks: number;
  /** Of these, those that brought the answer. */
  readonly fallbacksPaidOff: number;
}

export type SecondChanceCounts = { -readonly [Name in keyof SecondChances]: number };

export function createSecondChanceCounts(): SecondChanceCounts {
  return { retries: 0, retriedCalls: 0, retriesPaidOff: 0, fallbacks: 0, fallbacksPaidOff: 0 };
}
