import type { Stats } from 'node:fs';

/** What the file system says of a file. As long as it says the same, the content is the same, but see `isRacy`. */
export interface Stamp {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  /** Epoch, ms, with fractions: fine enough for the clock of any file system. */
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** Clocks of file systems go by ticks of up to 10 ms on Linux; ten of them are on the safe side. */
const fineWindowMs = 100;
/** FAT counts in steps of two seconds, and some file systems in whole ones. */
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
 * Whether a file that was read at `readAt` may be changed once more without any sign of it: it had changed just
 * before, and the clock of its file system may not have moved on since. Git calls such entries racy. A file from the
 * future, after a clock was set back, is one too.
 */
export function isRacy({ ctimeMs }: Stamp, readAt: number): boolean {
  const coarse = Number.isInteger(ctimeMs);
  return readAt - ctimeMs < (coarse ? coarseWindowMs : fineWindowMs);
}
