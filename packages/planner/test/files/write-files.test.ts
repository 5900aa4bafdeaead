import type * as FileSystem from 'node:fs/promises';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { writeFiles } from '../../src/files/write-files.js';
import { temporaryFolder } from '../temporary.js';

// No real file that can be linked refuses to be replaced, except on systems that a test cannot set up.
vi.mock(import('node:fs/promises'), async (importOriginal) => {
  const real: typeof FileSystem = await importOriginal();
  return {
    ...real,
    rename: async (from, to) => {
      if (String(to).endsWith('busy.ts')) throw Object.assign(new Error('busy'), { code: 'EBUSY' });
      await real.rename(from, to);
    },
  };
});

it('leaves nothing behind when a file cannot be replaced', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'a.ts'), 'old a');
  await writeFile(join(folder, 'busy.ts'), 'old busy');
  const files = ['a.ts', 'busy.ts'].map((path) => ({ path, text: 'new', replace: true }));
  await expect(writeFiles(folder, files)).rejects.toMatchObject({ code: 'EBUSY' });
  expect((await readdir(folder)).sort()).toEqual(['a.ts', 'busy.ts']);
  expect(await readFile(join(folder, 'a.ts'), 'utf8')).toBe('old a');
  expect(await readFile(join(folder, 'busy.ts'), 'utf8')).toBe('old busy');
});
