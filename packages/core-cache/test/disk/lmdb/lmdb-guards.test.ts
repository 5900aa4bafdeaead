import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectFile } from '../../../src/disk/lmdb/inspect-file.js';
import { networkFileSystem } from '../../../src/disk/prepare-directory.js';
import { createCache } from '../../../src/index.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const ENTRIES = 200;
const PAGE = 4096;

function textOf(index: number): string {
  return `${index} `.repeat(1500);
}

/** A cache file with {@link ENTRIES} entries, closed. */
async function filledDirectory(): Promise<{ path: string; file: string }> {
  const path = await temporaryDirectory();
  await using cache = createCache<string>({ disk: { path }, memory: false });
  await Promise.all(Array.from({ length: ENTRIES }, (_, index) => cache.set(`key ${index}`, textOf(index))));
  await cache.flush();
  return { path, file: join(path, 'cache-2.mdb') };
}

async function overwrite(file: string, position: number, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.write(bytes, 0, bytes.length, position);
  await handle.close();
}

/** Opens the cache again and checks that it serves nothing wrong and takes new entries. */
async function useAgain(path: string): Promise<{ found: number; reason: string | undefined }> {
  await using cache = createCache<string>({ disk: { path }, memory: false });
  let found = 0;
  for (let index = 0; index < ENTRIES; index += 1) {
    const value = await cache.get(`key ${index}`);
    if (value === undefined) continue;
    expect(value).toBe(textOf(index));
    found += 1;
  }
  await cache.set('after', 'all');
  expect(await cache.get('after')).toBe('all');
  return { found, reason: cache.stats().tiers[0]?.reason };
}

describe('opening a cache file', () => {
  it('takes a sound file as it is', async () => {
    const { path, file } = await filledDirectory();
    expect(await inspectFile(file)).toEqual({ state: 'sound' });
    expect(await useAgain(path)).toEqual({ found: ENTRIES, reason: undefined });
  });

  it.each([
    ['cut in half', async (file: string) => truncate(file, Math.floor((await readFile(file)).length / 2))],
    ['cut by its last page', async (file: string) => truncate(file, (await readFile(file)).length - PAGE)],
    ['cut within its first page', (file: string) => truncate(file, 100)],
    ['cut after its first page', (file: string) => truncate(file, PAGE)],
    ['whose first page is garbage', (file: string) => overwrite(file, 0, randomBytes(PAGE))],
    ['whose second page is garbage', (file: string) => overwrite(file, PAGE, randomBytes(PAGE))],
    ['whose magic number is gone', (file: string) => overwrite(file, 24, Buffer.alloc(4))],
    ['that is text', (file: string) => writeFile(file, 'not a cache\n'.repeat(1000))],
  ])('sets a file aside that is %s', async (_, damage) => {
    const { path, file } = await filledDirectory();
    await damage(file);
    expect(await inspectFile(file)).toMatchObject({ state: 'damaged' });
    const { found, reason } = await useAgain(path);
    expect(found).toBe(0);
    expect(reason).toContain('set aside');
    expect((await readdir(path)).filter((name) => name.includes('damaged'))).toHaveLength(1);
  });

  it('keeps one file that was set aside, not all of them', async () => {
    const { path, file } = await filledDirectory();
    for (let round = 0; round < 3; round += 1) {
      await truncate(file, 100);
      await useAgain(path);
    }
    expect((await readdir(path)).filter((name) => name.includes('damaged'))).toHaveLength(1);
  });

  it('takes an empty file for a new one', async () => {
    const path = await temporaryDirectory();
    await writeFile(join(path, 'cache-2.mdb'), '');
    expect((await useAgain(path)).reason).toBeUndefined();
  });

  it('knows network file systems by their type', () => {
    expect(networkFileSystem(0x6969)).toBe('NFS');
    expect(networkFileSystem(-11317950)).toBe('CIFS');
    expect(networkFileSystem(0xef53)).toBeUndefined();
  });
});

describe('garbage in the data pages', () => {
  it('is never served: the entry is a miss, counted, and dropped', async () => {
    const { path, file } = await filledDirectory();
    const bytes = await readFile(file);
    const at = bytes.indexOf(textOf(77).slice(0, 200));
    expect(at).toBeGreaterThan(0);
    await overwrite(file, at + 50, randomBytes(20));
    await using cache = createCache<string>({ disk: { path }, memory: false });
    expect(await cache.lookup('key 77')).toEqual({ status: 'miss', reason: 'corrupt' });
    await cache.flush();
    expect(await cache.lookup('key 77')).toEqual({ status: 'miss', reason: 'absent' });
    expect(cache.stats().tiers[0]).toMatchObject({ corrupt: 1, state: 'ready' });
    expect(await cache.getOrSet('key 77', () => 'anew')).toBe('anew');
  });
});
