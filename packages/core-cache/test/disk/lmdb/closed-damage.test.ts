import { cp, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAsClosed } from '../../../src/disk/lmdb/closed-stamp.js';
import { verifyTrees } from '../../../src/disk/lmdb/verify-trees.js';
import { damageFile } from '../../support/damage-file.js';
import { runScript } from '../../support/run-script.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

/** `CORE_CACHE_DAMAGE_ROUNDS=400` for the long form. */
const ROUNDS = Number(process.env.CORE_CACHE_DAMAGE_ROUNDS ?? 8);
const PAGE = 4096;
const NAME = 'cache-2.mdb';

let filled: string;
beforeAll(async () => {
  filled = await mkdtemp(join(tmpdir(), 'core-cache-filled-'));
  const script = runScript('fill-and-close.ts', filled);
  expect(await script.ended, script.output()).toBe(0);
});
afterAll(() => rm(filled, { recursive: true, force: true, maxRetries: 10 }));

/** The directory of a cache that was closed, as another one has copied it. */
async function copyOfFilled(): Promise<{ path: string; file: string }> {
  const path = await temporaryDirectory();
  await cp(filled, path, { recursive: true });
  return { path, file: join(path, NAME) };
}

/** Uses the cache in a process of its own, which a damaged file may end. */
async function useElsewhere(path: string): Promise<{ found: number; reason: string | null }> {
  const script = runScript('use-damaged.ts', path);
  const ended = await script.ended;
  expect({ ended, output: script.output() }).toEqual({
    ended: 0,
    output: expect.stringMatching(/^\{.*\}\n$/),
  });
  const { state, ...told } = JSON.parse(script.output());
  expect(state).toBe('ready');
  return told;
}

/** Where the newest meta page is, and the leaf that has the trees of the file. */
function placesIn(bytes: Buffer): { meta: number; leaf: number } {
  const meta = bytes.readBigUInt64LE(152) > bytes.readBigUInt64LE(PAGE + 152) ? 0 : PAGE;
  return { meta, leaf: Number(bytes.readBigUInt64LE(meta + 136)) * PAGE };
}

describe('a file that was damaged after it was closed', () => {
  it(
    `ends no process that opens it, is never believed, and makes room for another, ${ROUNDS} times over`,
    async () => {
      for (let seed = 0; seed < ROUNDS; seed += 1) {
        const { path, file } = await copyOfFilled();
        const what = await damageFile(file, seed);
        await useElsewhere(path).catch((cause: Error) => {
          throw new Error(`seed ${seed}, ${what}: ${cause.message}`, { cause });
        });
      }
    },
    10_000 * ROUNDS,
  );

  it('is set aside, and the reason told', async () => {
    const { path, file } = await copyOfFilled();
    const bytes = await readFile(file);
    // The transaction that wrote a page: LMDB would write into one of a transaction to come, which it has mapped for reading.
    bytes.writeUInt8(1, placesIn(bytes).leaf + 14);
    await writeFile(file, bytes);
    const { found, reason } = await useElsewhere(path);
    expect(found).toBe(0);
    expect(reason).toMatch(/^A damaged cache file was set aside: page \d+ is another page$/);
    const aside = (await readdir(path)).filter((name) => name.includes('damaged'));
    expect(aside).toHaveLength(1);
    expect(await readFile(join(path, String(aside[0])))).toEqual(bytes);
  });

  it.each([
    ['its flags', 0, ({ meta }) => meta + 52, 'the meta pages differ in their flags'],
    ['how many of its pages are free', 0, ({ meta }) => meta + 56, 'a tree has not the pages that it counts'],
    ['the kind of a page', 0, ({ leaf }) => leaf + 18, 'is neither branch nor leaf'],
    ['the kind of a tree', 4, ({ leaf }) => leaf, 'a tree is of a kind that is not used'],
    ['the depth of a tree', 6, ({ leaf }) => leaf, 'is on a wrong level'],
    ['how many pages a tree has', 8, ({ leaf }) => leaf, 'a tree has not the pages that it counts'],
  ] satisfies [string, number, (places: ReturnType<typeof placesIn>) => number, string][])(
    'is found out by %s',
    async (_, inTree, placeOf, told) => {
      const { file } = await copyOfFilled();
      expect(await verifyTrees(file)).toBeUndefined();
      const bytes = await readFile(file);
      const place = placeOf(placesIn(bytes));
      const name = 'parts\0';
      const at = inTree === 0 ? place : bytes.indexOf(name, place) + name.length + inTree;
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at);
      await writeFile(file, bytes);
      expect(await verifyTrees(file)).toMatch(new RegExp(told));
    },
  );
});

describe('a file as it was closed', () => {
  it('is known again until somebody else writes to it, and is sound all the same where it was copied to', async () => {
    expect(await isAsClosed(join(filled, NAME))).toBe(true);
    const { path, file } = await copyOfFilled();
    expect(await isAsClosed(file)).toBe(false);
    expect(await useElsewhere(path)).toMatchObject({ found: 100, reason: null });
    expect(await isAsClosed(file)).toBe(true);
    await utimes(file, 0, 0);
    expect(await isAsClosed(file)).toBe(false);
  });
});
