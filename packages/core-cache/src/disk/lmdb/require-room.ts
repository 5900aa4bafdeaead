import { statfsSync } from 'node:fs';

/** For trees and bookkeeping, and for what others may write between this check and our own write. */
const SPARE_BYTES = 8 * 2 ** 20;

/**
 * Throws `ENOSPC` if the disk may not have room for a transaction of this many bytes. LMDB must not discover that itself: to report a page
 * that could not be written, the native library uses a buffer too short for large files (`sprintf` into 100 bytes, seen in lmdb 3.5.6), and
 * the overflow crashes the process a few moments later. One check costs about 2 µs.
 */
export function requireRoom(file: string, bytes: number): void {
  // Twice, because writing a record also copies pages of its trees.
  if (freeBytes(file) >= 2 * bytes + SPARE_BYTES) return;
  throw Object.assign(new Error(`The disk of ${file} has less than ${SPARE_BYTES / 2 ** 20} MiB to spare`), {
    code: 'ENOSPC',
  });
}

function freeBytes(file: string): number {
  try {
    const { bavail, bsize } = statfsSync(file);
    return bavail * bsize;
  } catch {
    // Unknown, for example because the file was deleted: let the write find out.
    return Number.POSITIVE_INFINITY;
  }
}
