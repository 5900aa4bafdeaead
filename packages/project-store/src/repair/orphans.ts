import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFailure } from '../fs/error-code.js';
import { mapConcurrent } from '../fs/map-concurrent.js';
import { FILE_CONCURRENCY } from '../fs/map-files.js';
import { failedRead } from '../fs/safe-read.js';
import { writerState } from '../fs/temporary-name.js';
import { tokenCharacter } from '../fs/token.js';
import { INTERNAL_FOLDER, revisionsFolder, stagesFolder } from '../layout.js';
import { lockHolder } from '../lock/file-lock.js';

/** Guard locks used to remove a dead holder's lock, see `acquireLock`. */
const guard = new RegExp(
  `^(?:project|stage-\\d+|\\.import|\\.registered\\.json)\\.lock\\.dead-(?:${tokenCharacter}{12}|garbled)$`,
  'u',
);

/**
 * Finds temporary files and folders that nobody will finish, sorted.
 * @param parents folders that hold projects or the index
 * @param before epoch, ms: later files of processes that cannot be checked are left alone
 */
export async function findOrphans(
  parents: readonly string[],
  projects: readonly string[],
  before: number,
): Promise<string[]> {
  const places = await mapConcurrent(projects, FILE_CONCURRENCY, placesIn);
  const found = await mapConcurrent([...parents, ...places.flat()], FILE_CONCURRENCY, (place) =>
    orphansIn(place, before),
  );
  return [...new Set(found.flat())].sort();
}

export async function removeOrphan(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    throw writeFailure(error, path);
  }
}

/** Folders of a project in which files are written. */
async function placesIn(project: string): Promise<string[]> {
  const revisions = revisionsFolder(project);
  const stages = (await namesIn(revisions)).map((name) => join(revisions, name));
  return [project, stagesFolder(project), join(project, INTERNAL_FOLDER), ...stages];
}

async function orphansIn(folder: string, before: number): Promise<string[]> {
  const orphans: string[] = [];
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    if (await isOrphan(path, name, before)) orphans.push(path);
  }
  return orphans;
}

async function isOrphan(path: string, name: string, before: number): Promise<boolean> {
  if (guard.test(name)) return (await lockHolder(path)) === undefined;
  const writer = await writerState(name);
  if (writer !== 'unknown') return writer === 'dead';
  try {
    return (await stat(path)).mtimeMs <= before;
  } catch (error) {
    failedRead(error, path);
    return false;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    failedRead(error, folder);
    return [];
  }
}
