/** New entries wait in the small queue; entries that proved useful live in the main queue. */
export const SMALL = 0;
export const MAIN = 1;
export type Segment = typeof SMALL | typeof MAIN;

/** A place in the queues of the eviction policy; lower positions are older. */
export interface QueuePlace {
  readonly segment: Segment;
  readonly position: number;
}

/** Precedes all places of the small queue, and therefore of both queues. */
export const FIRST_PLACE: QueuePlace = { segment: SMALL, position: 0 };

/** As one number: positions are sequences, far too small for doubling to exceed 2^53. */
export function packPlace({ segment, position }: QueuePlace): number {
  return 2 * position + segment;
}

/** Undefined for anything that {@link packPlace} did not make: a damaged page must not pass for a place. */
export function unpackPlace(packed: unknown): QueuePlace | undefined {
  if (!Number.isSafeInteger(packed) || (packed as number) < 0) return undefined;
  const segment = (packed as number) % 2 === SMALL ? SMALL : MAIN;
  return { segment, position: ((packed as number) - segment) / 2 };
}
