const PAGE_BYTES = 4096;
/** A page without its header. A longer record continues in another page. */
const BODY_BYTES: number = PAGE_BYTES - 24;
/** A larger record gets a page of its own (LMDB: half of what a page holds). */
const MAX_INLINE_BYTES = 2000;
/** Overhead of a record: header and slot of its node, and its key. */
const ROW_BYTES = 19;
const INDEX_ROW_BYTES = 28;
/** Pages of a B+ tree under random inserts are about this full (Yao 1978: ln 2). */
const FILL = 0.69;

/**
 * Roughly what an entry takes in the file: the pages that its record fills, its share of a page for the rest, and its row in the index.
 * Used to decide how many entries to evict; whether to evict at all is decided by counting pages.
 */
export function costOf(recordBytes: number): number {
  const whole = Math.floor(recordBytes / BODY_BYTES);
  const rest = recordBytes % BODY_BYTES;
  const ofRest =
    rest <= MAX_INLINE_BYTES ? PAGE_BYTES / Math.floor(BODY_BYTES / (ROW_BYTES + rest)) : PAGE_BYTES;
  return Math.ceil(INDEX_ROW_BYTES / FILL + whole * (PAGE_BYTES + ROW_BYTES) + ofRest);
}
