import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Folder, listFolders } from './folders.js';
import { TEMPORARY_SUFFIX } from './fs/atomic-write.js';
import { isMissing, writeFailure } from './fs/error-code.js';
import { INTERNAL_FOLDER, revisionsFolder, stagesFolder } from './layout.js';
import { lockHolder } from './lock/file-lock.js';
import type { DamagedProject } from './project.js';
import { readProject } from './project-file.js';
import type { Session } from './session.js';
import { StoreError } from './store-error.js';

export interface RepairOptions {
  /** Only report. Default: false. */
  readonly dryRun?: boolean;
  /** What is younger may belong to somebody who is still at work, ms. Default: 600,000. */
  readonly orphanAgeMs?: number;
}

export interface RepairReport {
  /** Temporary files and folders that nobody will finish, as paths. Removed unless this was a dry run. */
  readonly orphans: readonly string[];
  /** Ids of projects in which a change that a crash interrupted was finished. Empty in a dry run. */
  readonly finished: readonly string[];
  /** Projects that need a person. They are left as they are. */
  readonly damaged: readonly DamagedProject[];
}

/** Half-made projects, see `createProject`. */
const draft = /^\.new-[0-9a-z]{8}$/u;
const temporary = new RegExp(`\\.[0-9a-z]{8}\\${TEMPORARY_SUFFIX}$`, 'u');
const guard = /\.lock\.dead-[0-9a-z]+$/u;

export async function repairProjects(
  root: string,
  registryFile: string,
  session: Session,
  listDamaged: () => Promise<readonly DamagedProject[]>,
  { dryRun = false, orphanAgeMs = 600_000 }: RepairOptions,
): Promise<RepairReport> {
  const folders = (await listFolders(root, registryFile)).filter(({ refused }) => refused === undefined);
  const parents = new Set([root, ...folders.map(({ path }) => dirname(path))]);
  const places = [...parents, ...(await Promise.all(folders.map(placesIn))).flat()];
  const found = (await Promise.all(places.map(candidatesIn))).flat();
  const orphans: string[] = [];
  for (const path of found) if (await isOrphan(path, session.clock() - orphanAgeMs)) orphans.push(path);
  const finished: string[] = [];
  if (!dryRun) {
    for (const path of orphans) await remove(path);
    for (const folder of folders) {
      const id = await finishChange(folder, session);
      if (id !== undefined) finished.push(id);
    }
  }
  return { orphans: orphans.sort(), finished, damaged: await listDamaged() };
}

/** Folders of a project in which files are written. */
async function placesIn({ path }: Folder): Promise<string[]> {
  const revisions = revisionsFolder(path);
  const stages = await names(revisions);
  return [
    path,
    stagesFolder(path),
    join(path, INTERNAL_FOLDER),
    ...stages.map((name) => join(revisions, name)),
  ];
}

async function candidatesIn(folder: string): Promise<string[]> {
  const all = await names(folder);
  return all
    .filter((name) => draft.test(name) || temporary.test(name) || guard.test(name))
    .map((name) => join(folder, name));
}

async function isOrphan(path: string, before: number): Promise<boolean> {
  try {
    if ((await stat(path)).mtimeMs > before) return false;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
  return !guard.test(path) || (await lockHolder(path)) === undefined;
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function remove(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    throw writeFailure(error, path);
  }
}

/** Every change begins by finishing what an earlier one left, so an empty one does only that. */
async function finishChange({ path }: Folder, session: Session): Promise<string | undefined> {
  try {
    const before = await readProject(path);
    if (before === undefined) return undefined;
    const after = await session.change(before.id, async (project) => project);
    return after.version === before.version ? undefined : before.id;
  } catch (error) {
    // A damaged one is in the report, one whose id another folder has as well is found by neither.
    if (StoreError.isInstance(error) && error.code.startsWith('STORE_PROJECT_')) return undefined;
    throw error;
  }
}
