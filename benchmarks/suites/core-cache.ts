import { hash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BytesValue, bytesCodec, type Cache, createCache } from '@ai-toolkit/core-cache';
import { createCache as createDedupe } from 'async-cache-dedupe';
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { createCache as createManaged } from 'cache-manager';
import { Cacheable } from 'cacheable';
import { open } from 'lmdb';
import { LRUCache } from 'lru-cache';
import { measureCpu } from '../support/measure-cpu.ts';
import { measureNanoseconds, type TimedSubject } from '../support/measure-nanoseconds.ts';
import type { Suite, Table } from '../support/suite.ts';
import { createZipf, hitRatio, type Trace } from '../support/traces.ts';

const KEYS = 20_000;
const HOUR_MS = 3_600_000;
const bytes: Buffer = Buffer.alloc(4096, 'The tide rises and falls twice a day. ');
const keys: readonly string[] = Array.from({ length: KEYS }, (_, index) => `key:${index}:${'k'.repeat(50)}`);
/** The same object under all keys, as for the other subjects. */
const value: BytesValue = { bytes, metadata: null };
const LOOKUPS = 100_000;
/** The keys in the order stored, repeatedly, and at random, where the CPU caches miss for every subject. */
const inTurn: Uint32Array = Uint32Array.from({ length: LOOKUPS }, (_, index) => index % KEYS);
const atRandom: Uint32Array = Uint32Array.from({ length: LOOKUPS }, () => Math.floor(Math.random() * KEYS));

/** Looks up the keys in the given order, one after the other. */
function reading(name: string, read: (key: string) => unknown, order = atRandom): TimedSubject {
  return {
    name,
    operations: order.length,
    async run() {
      let found = 0;
      for (const index of order) if ((await read(keys[index] as string)) !== undefined) found += 1;
      if (found !== order.length) throw new Error(`${name} missed ${order.length - found} keys`);
    },
  };
}

async function fill(cache: Cache<BytesValue>): Promise<void> {
  for (let start = 0; start < KEYS; start += 1000) {
    const block = keys.slice(start, start + 1000);
    await Promise.all(block.map((key) => cache.set(key, value)));
  }
}

async function memoryTables(): Promise<Table[]> {
  const max = 2 * KEYS;
  const lru = new LRUCache<string, Buffer>({ max, ttl: HOUR_MS });
  const lruFetch = new LRUCache<string, Buffer>({ max, ttl: HOUR_MS, fetchMethod: async () => bytes });
  const bento = new BentoCache({
    default: 'memory',
    stores: { memory: bentostore().useL1Layer(memoryDriver({ maxItems: max, serialize: false })) },
    ttl: '1h',
  });
  const cacheable = new Cacheable({ ttl: HOUR_MS });
  const managed = createManaged({ ttl: HOUR_MS });
  const dedupe = createDedupe({
    ttl: HOUR_MS / 1000,
    storage: { type: 'memory', options: { size: max } },
  }).define('load', async (_key: string) => bytes);
  await using cache = createCache<BytesValue>({
    memory: { maxEntries: max, maxBytes: 2 ** 30 },
    ttlMs: HOUR_MS,
    codec: bytesCodec,
  });
  await fill(cache);
  for (const key of keys) {
    lru.set(key, bytes);
    lruFetch.set(key, bytes);
    await bento.set({ key, value: bytes });
    await cacheable.set(key, bytes);
    await managed.set(key, bytes);
    await dedupe.load(key);
  }
  const tables: Table[] = [];
  for (const [order, lookups] of [
    ['in turn', inTurn],
    ['at random', atRandom],
  ] as const) {
    tables.push(
      await measureNanoseconds(`A hit in memory, ${order}`, [
        reading('lru-cache, get', (key) => lru.get(key), lookups),
        reading('core-cache, peek', (key) => cache.peek(key), lookups),
        reading('core-cache, get', (key) => cache.get(key), lookups),
        reading('cacheable, get', (key) => cacheable.get(key), lookups),
        reading('bentocache, get', (key) => bento.get({ key }), lookups),
        reading('cache-manager, get', (key) => managed.get(key), lookups),
      ]),
      await measureNanoseconds(`A hit of getOrSet in memory, ${order}`, [
        reading('lru-cache, fetch', (key) => lruFetch.fetch(key), lookups),
        reading('core-cache, getOrSet', (key) => cache.getOrSet(key, () => value), lookups),
        reading('cacheable, getOrSet', (key) => cacheable.getOrSet(key, async () => bytes), lookups),
        reading('bentocache, getOrSet', (key) => bento.getOrSet({ key, factory: () => bytes }), lookups),
        reading('cache-manager, wrap', (key) => managed.wrap(key, () => bytes), lookups),
        reading('async-cache-dedupe', (key) => dedupe.load(key), lookups),
      ]),
    );
  }
  await bento.disconnectAll();
  return tables;
}

async function diskTable(directory: string): Promise<Table> {
  const raw = open<Buffer, string>({ path: join(directory, 'raw.mdb'), encoding: 'binary' });
  await Promise.all(keys.map((key) => raw.put(key, bytes)));
  const options = { memory: false, codec: bytesCodec } as const;
  const drivers = ['lmdb', 'sqlite'] as const;
  for (const driver of drivers) {
    await using cache = createCache<BytesValue>({ ...options, disk: { path: directory, driver } });
    await fill(cache);
  }
  await using lmdb = createCache<BytesValue>({ ...options, disk: { path: directory, driver: 'lmdb' } });
  await using sqlite = createCache<BytesValue>({ ...options, disk: { path: directory, driver: 'sqlite' } });
  const table = await measureNanoseconds('A hit on disk, after a restart', [
    reading('LMDB itself, getBinary', (key) => raw.getBinary(key)),
    reading('core-cache on lmdb, get', (key) => lmdb.get(key)),
    reading('core-cache on sqlite, get', (key) => sqlite.get(key)),
  ]);
  await raw.close();
  return table;
}

/** As the server stores answers under load: 50 per transaction, each under its own key, with tags and an owner. */
async function storeTable(directory: string): Promise<Table> {
  const answer = bytes.subarray(0, 1500);
  const tags = ['model:gpt-4o-mini', 'tenant:default'];
  let count = 0;
  const inGroups = async (entries: number, store: (group: readonly string[]) => unknown): Promise<void> => {
    for (let stored = 0; stored < entries; stored += 50) {
      await store(Array.from({ length: 50 }, () => hash('sha256', String(count++))));
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const raw = open<Buffer, string>({
    path: join(directory, 'stored.mdb'),
    encoding: 'binary',
    noSync: true,
    overlappingSync: false,
  });
  const caches = (['lmdb', 'sqlite'] as const).map((driver) => {
    const disk = { path: join(directory, 'stored'), driver };
    return createCache<BytesValue>({ memory: false, codec: bytesCodec, ownerTag: 'tenant:', disk });
  });
  const table = await measureCpu(
    'An entry of 1.5 KB is stored on disk, 50 in a transaction',
    [
      {
        name: 'LMDB itself, put',
        run: (entries) =>
          inGroups(entries, (group) =>
            raw.transactionSync(() => {
              for (const key of group) raw.putSync(key, answer);
            }),
          ),
      },
      ...caches.map((cache, index) => ({
        name: `core-cache on ${index === 0 ? 'lmdb' : 'sqlite'}, set`,
        run: (entries: number) =>
          inGroups(entries, (group) =>
            Promise.all(group.map((key) => cache.set(key, { bytes: answer, metadata: null }, { tags }))),
          ),
      })),
    ],
    { count: 5000, rounds: 7 },
  );
  await Promise.all([raw.close(), ...caches.map((cache) => cache.close())]);
  return table;
}

async function openTable(directory: string): Promise<Table> {
  const entries = 100_000;
  const disk = { path: join(directory, 'large'), maxBytes: 4 * 2 ** 30 };
  const options = { memory: false, codec: bytesCodec, disk } as const;
  const writer = createCache<BytesValue>(options);
  for (let start = 0; start < entries; start += 1000) {
    const block = Array.from({ length: 1000 }, (_, index) => `${start + index}`);
    await Promise.all(block.map((key) => writer.set(key, value)));
  }
  await writer.close();
  const startedAt = performance.now();
  await using cache = createCache<BytesValue>(options);
  await cache.get('77777');
  const tookMs = performance.now() - startedAt;
  return {
    title: `Opening a file of ${entries.toLocaleString('en')} entries of 4 KB`,
    columns: ['until', 'ms'],
    rows: [['the first hit', tookMs.toFixed(1)]],
  };
}

async function policyTable(directory: string): Promise<Table> {
  const universe = 20_000;
  const capacity = 1000;
  const length = 100_000;
  const zipf: Trace = { name: 'Zipf 0.9', keys: createZipf(universe, 0.9, length, 1) };
  const scan = Array.from({ length: 10 * capacity }, (_, index) => universe + index);
  const scanned = zipf.keys.flatMap((key, index) => (index % 25_000 === 24_999 ? [key, ...scan] : [key]));
  const rows: string[][] = [];
  for (const trace of [zipf, { name: 'Zipf 0.9 with four scans', keys: scanned }]) {
    const lru = new LRUCache<string, true>({ max: capacity });
    await using memory = createCache<true>({ memory: { maxEntries: capacity, maxBytes: 2 ** 40 } });
    const path = join(directory, trace.name.replaceAll(' ', '-'));
    // One page per entry, plus a share of index and free pages: the tier then holds 950 to 1,010 entries.
    const disk = { path, maxBytes: capacity * 4800 };
    await using onDisk = createCache<Buffer>({ memory: false, disk });
    const cells = [
      await hitRatio(trace, async (key) => {
        if (lru.has(key)) return lru.get(key) === true;
        lru.set(key, true);
        return false;
      }),
      await hitRatio(trace, async (key) => (await memory.resolve(key, () => true)).source === 'hit'),
      await hitRatio(trace, async (key) => {
        if ((await onDisk.get(key)) !== undefined) return true;
        await onDisk.set(key, bytes);
        return false;
      }),
    ];
    rows.push([trace.name, ...cells.map((ratio) => ratio.toFixed(3))]);
  }
  return {
    title: `Hit ratio, ${universe.toLocaleString('en')} keys, room for ${capacity.toLocaleString('en')}`,
    columns: ['trace', 'LRU', 'core-cache in memory', 'core-cache on disk'],
    rows,
  };
}

export const suite: Suite = {
  title: 'core-cache',
  method:
    '20,000 keys of 64 characters, the same value of 4 KB under all of them, each read awaited. CPU time of the process, subjects in turn, ' +
    'median of the rounds; the ratio is to the first line. Statistics are on. bentocache keeps references (no serialisation).',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'core-cache-benchmark-'));
    try {
      return [
        ...(await memoryTables()),
        await diskTable(directory),
        await storeTable(directory),
        await openTable(directory),
        await policyTable(directory),
      ];
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};
