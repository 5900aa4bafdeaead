import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCache } from '../../../src/index.js';
import { runScript } from '../../support/run-script.js';
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
    await writeFile(join(path, 'cache-2.mdb.unsynced-another-boot.1.abcd'), '');
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

describe('the marker of an open file', () => {
  const open = async (path: string) => (await readdir(path)).filter((name) => name.includes('.open-'));

  it('goes when the cache is closed, and when the process ends without closing it', async () => {
    const path = await temporaryDirectory();
    await using cache = createCache<string>({ disk: { path } });
    await cache.ready();
    expect(await open(path)).toHaveLength(1);
    await cache.close();
    expect(await open(path)).toEqual([]);
    await runScript('leave-open.ts', path).ended;
    expect(await open(path)).toEqual([]);
  });

  it('stays when the process is killed: then the trees are verified, and kept if they are sound', async () => {
    const path = await temporaryDirectory();
    const script = runScript('write-and-wait.ts', path);
    await script.line('settled');
    script.process.kill('SIGKILL');
    await script.ended;
    expect(await open(path)).toHaveLength(1);
    await using cache = createCache<string>({ disk: { path } });
    expect(await cache.get('key 7')).toContain('value 7');
    expect(await open(path)).toHaveLength(1);
  });

  it('stays when the file killed the process: then a damaged tree is found before it kills the next', async () => {
    const path = await temporaryDirectory();
    const script = runScript('write-and-wait.ts', path);
    await script.line('settled');
    script.process.kill('SIGKILL');
    await script.ended;
    const file = join(path, 'cache-2.mdb');
    const bytes = await readFile(file);
    const root = Number(bytes.readBigUInt64LE(newestMeta(bytes) + 136));
    // One bit: the root of the main tree says that it is no leaf.
    bytes[root * 4096 + 18] = (bytes[root * 4096 + 18] ?? 0) ^ 0x02;
    await writeFile(file, bytes);
    await using cache = createCache<string>({ disk: { path } });
    expect(await cache.get('key 7')).toBeUndefined();
    expect(cache.stats().tiers[1]?.reason).toContain(`page ${root} is neither branch nor leaf`);
    await cache.set('k', 'v');
    expect(cache.stats().tiers[1]).toMatchObject({ entries: 1, state: 'ready' });
  });
});

/** Where the meta page of the last transaction begins. */
function newestMeta(bytes: Buffer): number {
  return bytes.readBigUInt64LE(152) > bytes.readBigUInt64LE(4096 + 152) ? 0 : 4096;
}
