import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeFolder } from '../../src/files/make-folder.js';

it('makes a folder for its owner alone, takes one that is there, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-make-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const inner = join(folder, 'a', 'b');
  await makeFolder(inner);
  await makeFolder(inner);
  expect((await stat(inner)).mode & 0o777).toBe(0o700);
  await symlink(inner, join(folder, 'link'));
  await makeFolder(join(folder, 'link'));
  await writeFile(join(folder, 'file'), '');
  await expect(makeFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
});
