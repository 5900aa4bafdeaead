import { describe, it } from 'vitest';
import { DiskStore } from '../src/disk/disk-store.js';
import { openLmdb } from '../src/disk/lmdb/open-lmdb.js';
import { openSqlite } from '../src/disk/sqlite/open-sqlite.js';
import { MemoryStore } from '../src/memory/memory-store.js';
import { type StoreHarness, storeConformance } from '../src/testing/index.js';
import { FakeClock } from './support/fake-clock.js';
import { temporaryDirectory } from './support/temporary-directory.js';

const bytes = {
  payload: (text: string): Uint8Array => Buffer.from(text),
  text: (payload: Uint8Array): string => Buffer.from(payload).toString(),
};

function disk(openDriver: typeof openLmdb): StoreHarness<never> {
  const create = async () =>
    new DiskStore({
      path: await temporaryDirectory(),
      maxBytes: 2 ** 20,
      clock: new FakeClock(),
      openDriver,
    });
  return { create, ...bytes } satisfies StoreHarness<Uint8Array> as never;
}

const harnesses: Readonly<Record<string, StoreHarness<never>>> = {
  memory: {
    create: () => new MemoryStore<string>({ maxEntries: 1000, maxBytes: 2 ** 20 }),
    payload: (text) => text,
    text: (payload) => payload,
  } satisfies StoreHarness<string> as never,
  lmdb: disk(openLmdb),
  sqlite: disk(openSqlite),
};

for (const [name, harness] of Object.entries(harnesses)) {
  describe(`${name} store`, () => {
    for (const { name, run } of storeConformance(harness)) it(name, run);
  });
}
