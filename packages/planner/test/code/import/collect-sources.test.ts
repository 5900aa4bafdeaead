import { link, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { collectSources } from '../../../src/code/import/collect-sources.js';
import { temporaryFolder } from '../../temporary.js';

it('reads no more of a tree than 64 MiB, in bytes, whatever its characters', async () => {
  const folder = await temporaryFolder();
  const line = `${'€'.repeat(99)}\n`;
  // 33 MiB each, in a third as many characters.
  await writeFile(join(folder, 'a.txt'), line.repeat((33 * 1024 * 1024) / Buffer.byteLength(line) + 1));
  for (const name of ['b.txt', 'c.txt']) await link(join(folder, 'a.txt'), join(folder, name));
  const { files, leftOut } = await collectSources([folder], '', 64 * 1024 * 1024, undefined);
  expect(files.map(({ path }) => path)).toEqual(['a.txt', 'b.txt']);
  expect(leftOut).toMatchObject([{ path: 'c.txt', reason: 'budget' }]);
});
