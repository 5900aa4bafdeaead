/** Whole events of a stream that are given together. */
export interface EventGroup {
  readonly bytes: Uint8Array;
  /** Where the event lies in them that only reports usage. */
  readonly usageEvent?: ByteRange;
}

export type ByteRange = readonly [start: number, end: number];
