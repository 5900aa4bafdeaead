import { describe, expect, it } from 'vitest';
import { isRacy, isSameStamp } from '../../src/fs/stamp.js';

const stamp = { dev: 1, ino: 2, size: 3, mtimeMs: 1_000_000.25, ctimeMs: 1_000_000.25 };

describe('a stamp', () => {
  it.each(['dev', 'ino', 'size', 'mtimeMs', 'ctimeMs'])('is another one when %s differs', (field) => {
    expect(isSameStamp(stamp, { ...stamp })).toBe(true);
    expect(isSameStamp(stamp, { ...stamp, [field]: 7 })).toBe(false);
  });

  // Newer kernels date two changes differently however close they are; on older ones they may share a tick.
  it.each([
    ['read in the tick of the change', 1_000_000.25, 1_000_000, true],
    ['read some ticks later', 1_000_000.25, 1_000_090, true],
    ['read long after', 1_000_000.25, 1_000_200, false],
    ['read before the change, after a clock was set back', 1_000_000.25, 900_000, true],
    ['on a disk that counts in whole seconds, a second later', 1_000_000, 1_001_000, true],
    ['on such a disk, long after', 1_000_000, 1_002_500, false],
  ])('may hide another change when %s: %d, %d', (_when, ctimeMs, readAt, racy) => {
    expect(isRacy({ ...stamp, ctimeMs }, readAt)).toBe(racy);
  });
});
