import { statSync } from 'node:fs';
import { mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProjectStore } from '../../src/index.js';
import { temporaryFolder } from '../temporary.js';
import { spawnChild } from './spawn-child.js';

/** Memory that Linux offers as a disk of its own. */
const otherDisk = '/dev/shm';
const diskOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.dev;
const hasOtherDisk = ![undefined, diskOf(tmpdir())].includes(diskOf(otherDisk));

/** The texts of a project by their names, without its locks. */
async function textsOf(project: string): Promise<Record<string, string>> {
  const entries = await readdir(project, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && basename(entry.parentPath) !== '.ai-toolkit');
  const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
  const texts = paths.map(async (path) => [relative(project, path), await readFile(path, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Deletes a project on another disk and is killed at this step. @returns whether there was no such step */
async function deleteUntilKilled(step: number): Promise<boolean> {
  const [root, elsewhere] = [await temporaryFolder(), await temporaryFolder(otherDisk)];
  const store = createProjectStore({ root });
  const { id, path } = await store.create({ name: 'Far', idea: 'An idea', path: elsewhere });
  await store.writeStage(id, { number: 1, slug: 'initial-plan' }, 'A plan');
  const whole = await textsOf(path);
  const child = spawnChild(root, 'deleteUntilKilled', id, `${step}`);
  const isDone = await child.said('done').then(
    () => true,
    () => false,
  );
  await child.kill();

  const trash = join(root, '.trash');
  await createProjectStore({ root }).repair();
  const inPlace = await namesIn(elsewhere);
  const inTrash = await namesIn(trash);
  expect([[], ['far']]).toContainEqual(inPlace);
  const found = [...inPlace.map(() => path), ...inTrash.map((name) => join(trash, name))];
  expect(found.length).toBeGreaterThan(0);
  for (const place of found) expect(await textsOf(place)).toEqual(whole);
  const listed = await createProjectStore({ root }).getAll();
  expect(listed).toMatchObject(inPlace.map(() => ({ kind: 'project', id })));
  if (isDone) expect([inPlace.length, inTrash.length]).toEqual([0, 1]);
  return isDone;
}

describe.skipIf(!hasOtherDisk)('a project on another disk', () => {
  it('is whole in its place or in the trash, at whatever step its deletion is killed', async () => {
    let step = 1;
    while (!(await deleteUntilKilled(step))) step += 1;
    expect(step).toBeGreaterThan(8);
  });

  it('keeps its links among its own files', async () => {
    const [root, elsewhere] = [await temporaryFolder(), await temporaryFolder(otherDisk)];
    const store = createProjectStore({ root });
    const { id, path } = await store.create({ name: 'Far', path: elsewhere });
    await mkdir(join(path, 'artifacts'));
    await writeFile(join(path, 'artifacts/1.txt'), 'built');
    await symlink('1.txt', join(path, 'artifacts/latest'));
    const { trashPath = '' } = await store.delete(id);
    expect(await readlink(join(trashPath, 'artifacts/latest'))).toBe('1.txt');
    expect(await readFile(join(trashPath, 'artifacts/latest'), 'utf8')).toBe('built');
  });
});
