import { statfsSync } from 'node:fs';

/** What trees and bookkeeping may take besides, and what others may take between this look and our writing. */
const SPARE_BYTES = 8 * 2 ** 20;

/**
 * Throws `ENOSPC` when the disk of a file may not have room for a transaction of so many bytes. LMDB must not find that out by itself:
 * the native library describes a page that could not be written in a buffer that is too short for large files (`sprintf` into 100
 * bytes, seen in lmdb 3.5.6), and what it overwrites there ends the process some moments later. One look costs some 2 µs.
 */
export function requireRoom(file: string, bytes: number): void {
  // Twice: a record moves pages of its trees, too.
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
    // Where nobody tells, for one where the file was deleted under us, writing tells.
    return Number.POSITIVE_INFINITY;
  }
}
