import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createCache } from '../src/index.js';
import { temporaryDirectory } from './support/temporary-directory.js';

it('runs the example of the README', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const path = join(await temporaryDirectory(), '.cache');
  const body = example
    .replace(/^import .*$/m, '')
    .replace(/<\{.*?\}>/, '')
    .replaceAll(/: string|\?: AbortSignal/g, '')
    .replace("'./.cache'", JSON.stringify(path));
  const printed: unknown[] = [];
  const run = new Function('createCache', 'console', `return (async () => {${body}})()`) as (
    ...given: unknown[]
  ) => Promise<void>;
  await run(createCache, { log: (...parts: unknown[]) => printed.push(parts.join(' ')) });
  expect(printed).toEqual(['Ada hit memory']);
});
