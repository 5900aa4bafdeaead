import { describe, it } from 'vitest';
import { LmdbStore } from '../src/disk/lmdb-store.js';
import { MemoryStore } from '../src/memory/memory-store.js';
import { type StoreHarness, storeConformance } from '../src/testing/index.js';
import { FakeClock } from './support/fake-clock.js';
import { temporaryDirectory } from './support/temporary-directory.js';

const bytes = {
  payload: (text: string): Uint8Array => Buffer.from(text),
  text: (payload: Uint8Array): string => Buffer.from(payload).toString(),
};

const harnesses: Readonly<Record<string, StoreHarness<never>>> = {
  memory: {
    create: () => new MemoryStore<string>({ maxEntries: 1000, maxBytes: 2 ** 20 }),
    payload: (text) => text,
    text: (payload) => payload,
  } satisfies StoreHarness<string> as never,
  lmdb: {
    create: async () =>
      new LmdbStore({ path: await temporaryDirectory(), maxBytes: 2 ** 20, clock: new FakeClock() }),
    ...bytes,
  } satisfies StoreHarness<Uint8Array> as never,
};

for (const [name, harness] of Object.entries(harnesses)) {
  describe(`${name} store`, () => {
    for (const { name, run } of storeConformance(harness)) it(name, run);
  });
}
