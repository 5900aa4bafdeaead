import { join } from 'node:path';
import Keyv from 'keyv';
import { KeyvFile } from 'keyv-file';
import Keyv5 from 'keyv5';
import { describe, it } from 'vitest';
import { createCache } from '../../src/index.js';
import { createKeyvAdapter, createKeyvStore, type KeyvStoreLike } from '../../src/keyv/index.js';
import { storeConformance } from '../../src/testing/index.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

/** Keyv stores of every kind: none of them is made for this. */
const keyvStores: Readonly<Record<string, () => KeyvStoreLike | Promise<KeyvStoreLike>>> = {
  'a Map': () => new Map<string, string>(),
  'a store of files (Keyv 5)': async () =>
    new KeyvFile({ filename: join(await temporaryDirectory(), 'files'), separatedFile: true }),
  'a Keyv 6': () => new Keyv(),
  'a Keyv 5': () => new Keyv5(),
  'an adapter by the contract ttl': () => createKeyvAdapter(createCache<string>()),
  'an adapter by the contract expires, on disk': async () =>
    createKeyvAdapter(createCache<string>({ memory: false, disk: { path: await temporaryDirectory() } }), {
      contract: 'expires',
    }),
};

for (const [name, create] of Object.entries(keyvStores)) {
  describe(`a tier on ${name}`, () => {
    const harness = {
      create: async () => createKeyvStore(await create(), { timeoutMs: 10_000 }),
      payload: (text: string): Uint8Array => Buffer.from(text),
      text: (payload: Uint8Array): string => Buffer.from(payload).toString(),
    };
    for (const { name, run } of storeConformance(harness)) it(name, run);
  });
}
