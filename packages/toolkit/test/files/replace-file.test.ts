import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { replaceFile } from '../../src/files/replace-file.js';

const writers = 60;

it('loses no change of many at the same time, and leaves nothing else behind', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-replace-'));
  try {
    const file = join(folder, 'list.txt');
    const lines = Array.from({ length: writers }, (_, index) => `line ${index}`);
    await Promise.all(lines.map((line) => replaceFile(file, (text = '') => `${text}${line}\n`)));
    const written = (await readFile(file, 'utf8')).trimEnd().split('\n');
    expect(written.sort()).toEqual(lines.sort());
    expect(await readdir(folder)).toEqual(['list.txt']);
  } finally {
    await rm(folder, { recursive: true });
  }
});
