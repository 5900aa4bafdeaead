import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCache } from '../../src/index.js';
import { drivers } from '../support/driver.js';
import { runScript } from '../support/run-script.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const PAGE = 4096;

/** A closed cache file whose pages from `from` on were overwritten with zeros. */
async function damagedDirectory(driver: (typeof drivers)[number], from: number): Promise<string> {
  const path = await temporaryDirectory();
  await using cache = createCache<string>({ disk: { path, driver }, memory: false });
  await Promise.all(
    Array.from({ length: 200 }, (_, index) => cache.set(`key ${index}`, `${index} `.repeat(1500))),
  );
  await cache.close();
  const name = (await readdir(path)).find((file) => /\.(mdb|sqlite)$/.test(file)) ?? '';
  const bytes = await readFile(join(path, name));
  bytes.fill(0, from * PAGE);
  await writeFile(join(path, name), bytes);
  return path;
}

describe.each(drivers)('damage to the trees of a closed file (%s)', (driver) => {
  it.each([1, 2, 3])('from page %i on costs entries, and the cache goes on with a new file', async (from) => {
    const path = await damagedDirectory(driver, driver === 'lmdb' ? from + 1 : from);
    let time = Date.now();
    await using cache = createCache<string>({
      disk: { path, driver },
      memory: false,
      clock: { now: () => time },
    });
    for (let index = 0; index < 20; index += 1) {
      const value = await cache.getOrSet(`key ${index}`, () => 'anew');
      expect([`${index} `.repeat(1500), 'anew']).toContain(value);
      await cache.set(`other ${index}`, 'v');
    }
    await cache.flush();
    // Past the pause that the failures may have earned the tier.
    time += 120_000;
    await cache.set('after', 'all');
    expect(await cache.get('after')).toBe('all');
    const [disk] = cache.stats().tiers;
    expect(disk).toMatchObject({ state: 'ready' });
    expect((await readdir(path)).filter((name) => name.includes('damaged')).length).toBeGreaterThan(0);
  });

  it('is set aside once by processes that meet it in the same moment, and all go on with one new file', async () => {
    const path = await temporaryDirectory();
    const name = driver === 'lmdb' ? 'cache-2.mdb' : 'cache-2.sqlite';
    const garbage = Buffer.from('no cache\n'.repeat(1000));
    await writeFile(join(path, name), garbage);
    const keys = Array.from({ length: 6 }, (_, index) => `key-${index}`);
    await Promise.all(
      keys.map(async (key) => {
        const script = runScript('change-on-command.ts', path, driver);
        await script.line('ready');
        script.process.stdin?.end(`set ${key} v\n`);
        expect(await script.ended, script.output()).toBe(0);
      }),
    );
    await using cache = createCache<string>({ disk: { path, driver }, memory: false });
    for (const key of keys) expect(await cache.get(key)).toBe('v');
    const aside = (await readdir(path)).filter((found) => found.includes('damaged'));
    expect(aside).toHaveLength(1);
    expect(await readFile(join(path, String(aside[0])))).toEqual(garbage);
  });
});
