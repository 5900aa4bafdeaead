import { hash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type BytesValue, bytesCodec, type Cache, createCache } from '../../src/index.js';
import { createRandom } from '../support/create-random.js';
import { drivers } from '../support/driver.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const MAX_BYTES = 8 * 2 ** 20;
const FILLINGS = 3;
const CONCURRENT = 100;
const LARGEST: Buffer = Buffer.alloc(MAX_BYTES / 16, 'tide ');

/** Of a bound as small as this one: SQLite's log is written back later on a busy machine, and weighs more the smaller the bound is. */
const most = { lmdb: 1.1, sqlite: 1.2 } as const;

async function bytesOnDisk(directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(directory)) {
    // Markers of the process come and go.
    const found = await stat(join(directory, name)).catch(() => undefined);
    bytes += (found?.blocks ?? 0) * 512;
  }
  return bytes;
}

/** Sets so many bytes under keys that are in no order, some of them read again, and some replaced. */
async function fill(cache: Cache<BytesValue>, seed: number, nextSize: () => number): Promise<void> {
  let written = 0;
  let count = 0;
  while (written < MAX_BYTES) {
    const writes: Promise<unknown>[] = [];
    for (let index = 0; index < CONCURRENT && written < MAX_BYTES; index += 1) {
      const size = nextSize();
      const bytes = LARGEST.subarray(0, size);
      writes.push(cache.set(hash('sha256', `${seed} ${count}`), { bytes, metadata: null }));
      written += size;
      count += 1;
    }
    await Promise.all(writes);
    await cache.get(hash('sha256', `${seed} ${count - CONCURRENT}`));
  }
}

const random = createRandom(7);
const sizes: readonly (readonly [string, () => number])[] = [
  ['of 1 KB', () => 1000],
  ['of 4 KB', () => 4096],
  ['of 100 bytes to 512 KB', () => Math.floor(100 * (LARGEST.length / 100) ** random())],
];

describe.each(drivers)('the bound on the files of a disk tier (%s)', (driver) => {
  it.each(sizes)(
    'holds, filled over and over with entries %s',
    async (_name, nextSize) => {
      const path = await temporaryDirectory();
      const disk = { path, maxBytes: MAX_BYTES, driver };
      await using cache = createCache<BytesValue>({ memory: false, codec: bytesCodec, disk });
      for (let filling = 0; filling < FILLINGS; filling += 1) {
        await fill(cache, filling, nextSize);
        expect(await bytesOnDisk(path)).toBeLessThan(most[driver] * MAX_BYTES);
        const [tier] = cache.stats().tiers;
        expect(tier?.bytes).toBeLessThan(1.1 * MAX_BYTES);
        expect(tier).toMatchObject({ state: 'ready', errors: 0, corrupt: 0 });
      }
      const [tier] = cache.stats().tiers;
      // Nor does it leave much of the room unused.
      expect(tier?.bytes).toBeGreaterThan(0.6 * MAX_BYTES);
      expect(tier?.evictions).toBeGreaterThan(0);
    },
    60_000,
  );

  it('keeps large values whole, and small ones of the same key after them', async () => {
    const path = await temporaryDirectory();
    const options = {
      memory: false,
      codec: bytesCodec,
      disk: { path, maxBytes: MAX_BYTES, driver },
    } as const;
    const sized = (length: number): BytesValue => ({
      bytes: Buffer.alloc(length, `${length} `),
      metadata: null,
    });
    const lengths = [3900, 4000, 4072, 8144, 16_000, 16_384, 40_000, 500_000, 3];
    const cache = createCache<BytesValue>(options);
    for (const length of lengths) await cache.set(`k${length}`, sized(length));
    for (const length of lengths) await cache.set('same', sized(length));
    await cache.close();
    await using again = createCache<BytesValue>(options);
    for (const length of lengths) {
      expect((await again.get(`k${length}`))?.bytes).toEqual(sized(length).bytes);
    }
    expect((await again.get('same'))?.bytes).toEqual(sized(3).bytes);
    expect(await again.delete('k500000')).toBe(true);
    expect(await again.get('k500000')).toBeUndefined();
  });

  it('keeps values of several pages whole while what is used moves on', async () => {
    const disk = { path: await temporaryDirectory(), maxBytes: MAX_BYTES / 4, driver };
    await using cache = createCache<BytesValue>({ memory: false, codec: bytesCodec, disk });
    const hot = [5000, 20_000, 60_000].map((length) => Buffer.alloc(length, `${length} `));
    for (const bytes of hot) await cache.set(`hot ${bytes.length}`, { bytes, metadata: null });
    for (let block = 0; block < 40; block += 1) {
      for (const bytes of hot) expect((await cache.get(`hot ${bytes.length}`))?.bytes).toEqual(bytes);
      const scan = Array.from({ length: 20 }, (_, index) => `scan ${block} ${index}`);
      await Promise.all(
        scan.map((key) => cache.set(key, { bytes: LARGEST.subarray(0, 9000), metadata: null })),
      );
    }
    const [tier] = cache.stats().tiers;
    expect(tier?.evictions).toBeGreaterThan(300);
    expect(tier).toMatchObject({ errors: 0, corrupt: 0 });
  });

  it('refuses what is larger than an eighth of it, and forgets the older value of that key', async () => {
    const path = await temporaryDirectory();
    const disk = { path, maxBytes: MAX_BYTES, driver };
    await using cache = createCache<BytesValue>({ memory: false, codec: bytesCodec, disk });
    await cache.set('k', { bytes: Buffer.alloc(10), metadata: null });
    await cache.set('k', { bytes: Buffer.alloc(MAX_BYTES / 8), metadata: null });
    expect(await cache.get('k')).toBeUndefined();
  });
});
