/** A transaction blocks the write lock and the event loop for a few milliseconds at most. */
const MOST = 4 * 2 ** 20;
/** Pages that a transaction replaces are reused only two transactions later, so a small file needs small transactions. */
const SHARE = 1 / 64;

/** How many bytes of pages one transaction should change, in a file with this size limit. */
export function transactionBytes(maxBytes: number): number {
  return Math.min(maxBytes * SHARE, MOST);
}
