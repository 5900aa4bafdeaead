import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireRoom } from '../../../src/disk/lmdb/require-room.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

describe('room for a transaction', () => {
  it('is refused when the disk has less than twice of it', async () => {
    const folder = await temporaryDirectory();
    const { bavail, bsize } = await statfs(folder);
    expect(() => requireRoom(folder, 1000)).not.toThrow();
    expect(() => requireRoom(folder, bavail * bsize)).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
  });

  it('is taken for granted where nobody tells', async () => {
    const folder = await temporaryDirectory();
    expect(() => requireRoom(join(folder, 'gone'), Number.MAX_SAFE_INTEGER)).not.toThrow();
  });
});
