import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCache } from '../../src/index.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

describe('what an earlier layout has left in the directory', () => {
  it.each([
    ['lmdb', ['cache-1.mdb', 'cache-1.mdb-lock', 'cache-1.mdb.open-boot.1.abcd', 'cache-1.mdb.damaged-1']],
    ['sqlite', ['cache-1.sqlite', 'cache-1.sqlite-wal', 'cache-1.sqlite-shm']],
  ] as const)('goes with the first opening (%s), and nothing else does', async (driver, older) => {
    const path = await temporaryDirectory();
    for (const name of [...older, 'notes.txt']) await writeFile(join(path, name), 'x'.repeat(10_000));
    await using cache = createCache<string>({ disk: { path, driver }, memory: false });
    await cache.set('k', 'v');
    const left = await readdir(path);
    for (const name of older) expect(left).not.toContain(name);
    expect(left).toContain('notes.txt');
    expect(left).toContain(driver === 'lmdb' ? 'cache-2.mdb' : 'cache-2.sqlite');
    expect(cache.stats().tiers[0]?.reason).toBeUndefined();
  });
});
