import { readdirSync, rmSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeFiles } from '../../src/files/write-files.js';
import { temporaryFolder } from '../temporary.js';

it('leaves nothing behind when a file cannot be replaced', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.ts'), 'old');
  const first = { path: 'a.ts', text: 'new', replace: true };
  const second = {
    // Something else removes the new text of the first file before it gets its name.
    get path(): string {
      const hidden = readdirSync(folder).filter((name) => name.endsWith('.tmp'));
      for (const name of hidden) rmSync(join(folder, name));
      return 'b.ts';
    },
    text: 'new',
    replace: false,
  };
  await expect(writeFiles(folder, [first, second])).rejects.toMatchObject({
    code: 'ENOENT',
    syscall: 'rename',
  });
  expect(await readdir(folder)).toEqual(['a.ts']);
  expect(await readFile(join(folder, 'a.ts'), 'utf8')).toBe('old');
});
