import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCache } from '../../src/index.js';
import { drivers } from '../support/driver.js';
import { runScript } from '../support/run-script.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Longer than it takes until a process looks again whether its file is in place, on a busy machine. */
const NOTICED = { timeout: 10_000, interval: 100 };

/** Deletes the folder of a cache, or in it the file alone. */
async function remove(what: string, path: string): Promise<void> {
  const names = await readdir(path);
  const file = names.find((name) => /\.(mdb|sqlite)$/.test(name));
  await rm(what === 'file' ? join(path, String(file)) : path, { recursive: true });
}

describe.each(drivers)('what is deleted while a cache has it open (%s)', (driver) => {
  it.each(['folder', 'file'])('is made anew, and nothing fails (%s)', async (what) => {
    const path = join(await temporaryDirectory(), 'cache');
    await using cache = createCache<string>({ disk: { path, driver } });
    await cache.set('old', 'value');
    await cache.flush();
    await remove(what, path);
    let round = 0;
    const isAnew = async (): Promise<boolean> => {
      round += 1;
      expect(await cache.getOrSet(`key ${round}`, () => 'loaded')).toBe('loaded');
      return (await readdir(path).catch(() => [])).some((name) => /\.(mdb|sqlite)$/.test(name));
    };
    await expect.poll(isAnew, NOTICED).toBe(true);
    // Its copy in memory goes when the tiers are next asked for changes.
    await expect.poll(() => cache.get('old'), NOTICED).toBeUndefined();
    await cache.set('new', 'value');
    await cache.flush();
    expect(cache.stats().tiers).toContainEqual(
      expect.objectContaining({ name: 'disk', state: 'ready', errors: 0 }),
    );
    await cache.close();
    await using later = createCache<string>({ disk: { path, driver }, memory: false });
    expect(await later.get('new')).toBe('value');
    expect((await readdir(path)).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  it.each(['folder', 'file'])('is left for what another process has made anew (%s)', async (what) => {
    const path = join(await temporaryDirectory(), 'cache');
    await using cache = createCache<string>({ disk: { path, driver } });
    for (const key of ['shared', 'a', 'b', 'c']) await cache.set(key, 'old');
    expect(await cache.get('shared')).toBe('old');
    await remove(what, path);
    const other = runScript('change-on-command.ts', path, driver);
    await other.line('ready');
    // As many writes as the old file has had, and more: a sequence alone could not tell the two files apart.
    const keys = ['shared', ...Array.from({ length: 20 }, (_, index) => `key-${index}`)];
    other.process.stdin?.end(keys.map((key) => `set ${key} new\n`).join(''));
    expect(await other.ended, other.output()).toBe(0);
    await expect.poll(() => cache.get('shared'), NOTICED).toBe('new');
    expect(await cache.get('a')).toBeUndefined();
  });
});
