import { hash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type BytesValue, bytesCodec, createCache } from '@ai-toolkit/core-cache';
import { TestRedis } from '@ai-toolkit/processes/redis';
import type { Suite, Table } from '../support/suite.ts';
import { createRandom } from '../support/traces.ts';

const MIB = 2 ** 20;
const FILLINGS = 3;
const CONCURRENT = 250;
const CONCURRENT_BYTES = 8 * MIB;
const CALLERS = 16;
const largest: Buffer = Buffer.alloc(MIB, 'tide ');

/** Entries of one size, in bytes, or `mixed`: log-uniform from 100 bytes to 1 MB. */
type Sizes = number | 'mixed';

const tiers: readonly (readonly [mebibytes: number, sizes: Sizes])[] = [
  [8, 1024],
  [8, 'mixed'],
  [32, 1024],
  [32, 4096],
  [32, 40_960],
  [32, MIB],
  [32, 'mixed'],
  [128, 1024],
  [128, 4096],
  [128, MIB],
  [128, 'mixed'],
  [512, 4096],
  [512, 40_960],
  [512, 'mixed'],
];

async function bytesOnDisk(directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(directory)) {
    // The process's marker files come and go.
    const found = await stat(join(directory, name)).catch(() => undefined);
    bytes += (found?.blocks ?? 0) * 512;
  }
  return bytes;
}

function describe(sizes: Sizes): string {
  if (sizes === 'mixed') return '100 B to 1 MB';
  return sizes === MIB ? '1 MB' : `${sizes / 1024} KB`;
}

/** Fills a disk tier several times over, and measures its files after each. */
async function diskRow(
  driver: 'lmdb' | 'sqlite',
  [mebibytes, sizes]: (typeof tiers)[number],
  directory: string,
): Promise<string[]> {
  const maxBytes = mebibytes * MIB;
  const path = await mkdtemp(join(directory, 'tier-'));
  const cache = createCache<BytesValue>({
    memory: false,
    codec: bytesCodec,
    disk: { path, maxBytes, driver },
  });
  const random = createRandom(1);
  const nextSize = (): number => (sizes === 'mixed' ? Math.floor(100 * 10 ** (4 * random())) : sizes);
  const ofFiles: number[] = [];
  const accounted: number[] = [];
  let count = 0;
  const before = process.cpuUsage();
  for (let filling = 0; filling < FILLINGS; filling += 1) {
    for (let written = 0; written < maxBytes; ) {
      const writes: Promise<void>[] = [];
      for (let bytes = 0; writes.length < CONCURRENT && bytes < CONCURRENT_BYTES; ) {
        const size = nextSize();
        const key = hash('sha256', String(count));
        writes.push(cache.set(key, { bytes: largest.subarray(0, size), metadata: null }));
        bytes += size;
        written += size;
        count += 1;
      }
      await Promise.all(writes);
    }
    ofFiles.push((await bytesOnDisk(path)) / maxBytes);
    accounted.push((cache.stats().tiers[0]?.bytes ?? Number.NaN) / maxBytes);
  }
  const { user, system } = process.cpuUsage(before);
  const { errors = Number.NaN } = cache.stats().tiers[0] ?? {};
  await cache.close();
  await rm(path, { recursive: true, force: true });
  return [
    driver,
    String(mebibytes),
    describe(sizes),
    (ofFiles[0] ?? Number.NaN).toFixed(2),
    Math.max(...ofFiles).toFixed(2),
    Math.max(...accounted).toFixed(2),
    ((user + system) / count).toFixed(0),
    String(errors),
  ];
}

async function diskTable(directory: string): Promise<Table> {
  const rows: string[][] = [];
  for (const driver of ['lmdb', 'sqlite'] as const) {
    for (const tier of tiers) rows.push(await diskRow(driver, tier, directory));
  }
  const columns = ['driver', 'MiB', 'entries of', 'files, first', 'files, most', 'accounted, most'];
  return {
    title: 'Space on disk to maxBytes',
    columns: [...columns, 'CPU µs a write', 'errors'],
    rows,
  };
}

/** Callers get and set without pause while Redis runs, is killed, restarted, stopped, and continued. */
async function outageTable(): Promise<Table> {
  await using redis = await TestRedis.start();
  await using cache = createCache<string>({ memory: false, shared: { url: redis.url } });
  await cache.ready();
  let latencies: number[] = [];
  let failed = 0;
  let isOver = false;
  const caller = async (name: number): Promise<void> => {
    for (let call = 0; !isOver; call += 1) {
      const startedAt = performance.now();
      await cache
        .getOrSet(`${name}:${call % 500}`, () => 'value', { ttlMs: 2000 })
        .catch(() => {
          failed += 1;
        });
      latencies.push(performance.now() - startedAt);
      // Without Redis a call settles in microtasks alone, which would starve the other callers.
      if (call % 50 === 0) await pause(0);
    }
  };
  const callers = Array.from({ length: CALLERS }, (_, name) => caller(name));
  const rows: string[][] = [];
  const phase = async (name: string, durationMs: number): Promise<void> => {
    latencies = [];
    failed = 0;
    await pause(durationMs);
    const sorted = Float64Array.from(latencies).sort();
    const at = (share: number): string =>
      (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(1);
    const state = cache.stats().tiers.find((tier) => tier.name === 'redis')?.state ?? '';
    rows.push([name, String(sorted.length), String(failed), at(0.5), at(0.99), at(1), state]);
  };
  await phase('there', 2000);
  await redis.kill();
  await phase('killed', 2000);
  await redis.restart();
  await phase('restarted', 6000);
  redis.freeze();
  await phase('stopped', 4000);
  redis.thaw();
  await phase('going on', 8000);
  isOver = true;
  await Promise.all(callers);
  const columns = ['Redis', 'calls', 'failed calls', 'p50 ms', 'p99 ms', 'longest ms', 'tier at the end'];
  return { title: `${CALLERS} callers while Redis fails`, columns, rows };
}

export const suite: Suite = {
  title: 'core-cache at its bounds',
  method:
    `Disk: tiers filled ${FILLINGS} times over, under SHA-256 keys; space on disk (all files of the tier) and as reported by \`stats\`, relative to \`maxBytes\`, and CPU time per write. ` +
    'Redis: callers of `getOrSet` without a memory tier, so that every call goes to Redis or bypasses it.',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'core-cache-bounds-'));
    try {
      return [await diskTable(directory), await outageTable()];
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};
