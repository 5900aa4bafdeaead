import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import suite, { keyvIteratorTests } from '@keyv/test-suite';
import Keyv from 'keyv5';
import * as vitest from 'vitest';
import { createCache } from '../../src/index.js';
import { createKeyvAdapter } from '../../src/keyv/index.js';

// Keyv's own API test suite, of the Keyv that it is written for. It brings types of another vitest and another Keyv.
const own = vitest as never;
const keyv = Keyv as never;

vitest.describe('the API test suite of Keyv, on memory', () => {
  const cache = createCache();
  vitest.afterAll(() => cache.close());
  suite(own, keyv, () => createKeyvAdapter(cache));
  keyvIteratorTests(own, keyv, () => createKeyvAdapter(cache));
});

vitest.describe('the API test suite of Keyv, on disk', async () => {
  const path = await mkdtemp(join(tmpdir(), 'core-cache-'));
  const cache = createCache({ memory: false, disk: { path } });
  vitest.afterAll(async () => {
    await cache.close();
    await rm(path, { recursive: true, force: true, maxRetries: 10 });
  });
  suite(own, keyv, () => createKeyvAdapter(cache));
  keyvIteratorTests(own, keyv, () => createKeyvAdapter(cache));
});
