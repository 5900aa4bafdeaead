import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCache } from '../../../src/index.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

async function markers(path: string): Promise<string[]> {
  return (await readdir(path)).filter((name) => name.includes('unsynced'));
}

describe('the marker of what is not synced', () => {
  it('is there from before the first write until everything is on the disk', async () => {
    const path = await temporaryDirectory();
    await using cache = createCache<string>({ disk: { path } });
    await cache.ready();
    expect(await markers(path)).toEqual([]);
    await cache.set('k', 'v');
    expect(await markers(path)).toHaveLength(1);
    await cache.flush();
    expect(await markers(path)).toEqual([]);
    await cache.set('k', 'w');
    await cache.close();
    expect(await markers(path)).toEqual([]);
  });

  it('of another boot means that the file cannot be trusted', async () => {
    const path = await temporaryDirectory();
    await using first = createCache<string>({ disk: { path } });
    await first.set('k', 'v');
    await first.close();
    await writeFile(join(path, 'cache-1.mdb.unsynced-another-boot.1.abcd'), '');
    await using second = createCache<string>({ disk: { path } });
    expect(await second.get('k')).toBeUndefined();
    expect(second.stats().tiers[1]?.reason).toContain('the machine went down');
    expect(await markers(path)).toEqual([]);
  });

  it('of a process that was killed in this boot means nothing', async () => {
    const path = await temporaryDirectory();
    await using first = createCache<string>({ disk: { path } });
    await first.set('k', 'v');
    const [marker = ''] = await markers(path);
    await first.close();
    // No process has this number: it is past what any system hands out.
    await writeFile(join(path, marker.replace(`.${process.pid}.`, '.4194999.')), '');
    await using second = createCache<string>({ disk: { path } });
    expect(await second.get('k')).toBe('v');
    expect(await markers(path)).toEqual([]);
  });
});
