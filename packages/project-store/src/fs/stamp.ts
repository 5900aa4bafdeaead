import type { Stats } from 'node:fs';

/** Identifies the content of a file by its metadata: same stamp, same content, except as `isRacy` describes. */
export interface Stamp {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  /** Epoch, ms, with a fraction: fine enough for the clock of any file system. */
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** File system timestamps on Linux advance in ticks of up to 10 ms; ten ticks are a safe margin. */
const fineWindowMs = 100;
/** FAT has a resolution of two seconds, some other file systems of one. */
const coarseWindowMs = 2_000;

export function stampOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): Stamp {
  return { dev, ino, size, mtimeMs, ctimeMs };
}

export function isSameStamp(a: Stamp, b: Stamp): boolean {
  return (
    a.ino === b.ino &&
    a.mtimeMs === b.mtimeMs &&
    a.ctimeMs === b.ctimeMs &&
    a.size === b.size &&
    a.dev === b.dev
  );
}

/**
 * Whether a file read at `readAt` could change again without a new stamp: its last change is so recent that the clock
 * of its file system may not have advanced. Git calls such entries racy. A timestamp in the future, after a clock was
 * set back, counts as well.
 */
export function isRacy({ ctimeMs }: Stamp, readAt: number): boolean {
  const coarse = Number.isInteger(ctimeMs);
  return readAt - ctimeMs < (coarse ? coarseWindowMs : fineWindowMs);
}
