import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Keyv from 'keyv';
import { expect, it } from 'vitest';
import { createCache } from '../../src/index.js';
import { createKeyvAdapter, createKeyvStore } from '../../src/keyv/index.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...given: unknown[]) => Promise<void>;

it('runs the examples of the README about Keyv', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const section = /^## Keyv, both ways$(.*?)^## /ms.exec(readme)?.[1] ?? '';
  const examples = [...section.matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);
  const path = join(await temporaryDirectory(), '.cache');
  const printed: unknown[][] = [];
  for (const example of examples) {
    const body = example.replaceAll(/^import .*$/gm, '').replace("'./.cache'", JSON.stringify(path));
    const names = ['createCache', 'createKeyvAdapter', 'createKeyvStore', 'Keyv', 'console'];
    const console = { log: (...parts: unknown[]) => printed.push(parts) };
    const run = new AsyncFunction(...names, body);
    await run(createCache, createKeyvAdapter, createKeyvStore, Keyv, console);
  }
  expect(printed).toEqual([[{ visits: 1 }], ['hit', 'keyv'], [undefined]]);
});
