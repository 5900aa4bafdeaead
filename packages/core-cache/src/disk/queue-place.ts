/** New entries wait in the small queue; what proved useful lives in the main queue. */
export const SMALL = 0;
export const MAIN = 1;
export type Segment = typeof SMALL | typeof MAIN;

/** A place in the queues of the eviction policy; lower positions are older. */
export interface QueuePlace {
  readonly segment: Segment;
  readonly position: number;
}

/** Before all places of the small queue, and so of both. */
export const FIRST_PLACE: QueuePlace = { segment: SMALL, position: 0 };

/** As one number: positions are sequences, far from where doubling them would lose a digit. */
export function packPlace({ segment, position }: QueuePlace): number {
  return 2 * position + segment;
}

/** Undefined for anything that {@link packPlace} did not make: a damaged page must not pass for a place. */
export function unpackPlace(packed: unknown): QueuePlace | undefined {
  if (!Number.isSafeInteger(packed) || (packed as number) < 0) return undefined;
  const segment = (packed as number) % 2 === SMALL ? SMALL : MAIN;
  return { segment, position: ((packed as number) - segment) / 2 };
}
