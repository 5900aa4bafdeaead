/** Whole events of a stream that are delivered together. */
export interface EventGroup {
  readonly bytes: Uint8Array;
  /** Range of the usage-only event among them. */
  readonly usageEvent?: ByteRange;
}

export type ByteRange = readonly [start: number, end: number];
