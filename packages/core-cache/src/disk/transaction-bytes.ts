/** A transaction holds the write lock, and the event loop, for some milliseconds at most. */
const MOST = 4 * 2 ** 20;
/** What a transaction replaces is used again two transactions later: in a small file, transactions are small. */
const SHARE = 1 / 64;

/** How many bytes of pages one transaction should change, in a file with this bound. */
export function transactionBytes(maxBytes: number): number {
  return Math.min(maxBytes * SHARE, MOST);
}
