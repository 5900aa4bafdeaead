/** New entries wait in the small queue; what proved useful lives in the main queue. */
export const SMALL = 0;
export const MAIN = 1;
export type Segment = typeof SMALL | typeof MAIN;

/** What the eviction policy and listings need of an entry, apart from its bytes. */
export interface IndexRow {
  readonly segment: Segment;
  /** Place in the segment's queue; lower ones are older. */
  readonly position: number;
  /** Bytes of the file that the entry takes, estimated by {@link costOf}. */
  readonly cost: number;
  readonly size: number;
  readonly sequence: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly retainUntil: number;
  readonly negative: boolean;
  readonly tags: readonly string[];
  /** The caller's key, where the physical one is a hash of it. */
  readonly longKey: string | null;
}

export function packRow(row: IndexRow): unknown[] {
  const {
    segment,
    position,
    cost,
    size,
    sequence,
    createdAt,
    expiresAt,
    retainUntil,
    negative,
    tags,
    longKey,
  } = row;
  return [
    segment,
    position,
    cost,
    size,
    sequence,
    createdAt,
    expiresAt,
    retainUntil,
    negative,
    tags,
    longKey,
  ];
}

/** Undefined for anything that {@link packRow} did not make: a damaged page must not pass for a row. */
export function unpackRow(packed: unknown): IndexRow | undefined {
  if (!Array.isArray(packed) || packed.length !== 11) return undefined;
  const [
    segment,
    position,
    cost,
    size,
    sequence,
    createdAt,
    expiresAt,
    retainUntil,
    negative,
    tags,
    longKey,
  ] = packed;
  if (segment !== SMALL && segment !== MAIN) return undefined;
  const numbers: unknown[] = [position, cost, size, sequence, createdAt, expiresAt, retainUntil];
  if (!numbers.every((value) => typeof value === 'number') || !Array.isArray(tags)) return undefined;
  return {
    segment,
    position,
    cost,
    size,
    sequence,
    createdAt,
    expiresAt,
    retainUntil,
    negative,
    tags,
    longKey,
  };
}

const PAGE_BYTES = 4096;
/** Larger records go to pages of their own (LMDB: half of what a page holds). */
const MAX_INLINE_BYTES = 2000;
/** Of the record and its row: keys twice in each of two trees, and what is in the row. */
const ROW_BYTES = 130;
/** Pages of a B+ tree under random inserts are about this full (Yao 1978: ln 2). */
const FILL = 0.69;

/**
 * What an entry takes in the file, roughly: whole pages for a large record, and its share of the trees. It tells how many entries
 * to give up for so many bytes; whether any have to go is decided by counting pages.
 */
export function costOf(key: string, recordBytes: number): number {
  const inTrees = ROW_BYTES + 2 * key.length;
  if (recordBytes <= MAX_INLINE_BYTES) return Math.ceil((inTrees + recordBytes) / FILL);
  return Math.ceil(inTrees / FILL) + Math.ceil(recordBytes / PAGE_BYTES) * PAGE_BYTES;
}
