import { mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ensureFolder, ensureFolders, syncFolder, writeFileAtomic } from './fs/atomic-write.js';
import { errorCode, writeFailure } from './fs/error-code.js';
import { draftName } from './fs/temporary-name.js';
import { makeInternalFolder } from './internal-folder.js';
import { ideaFile, stagesFolder } from './layout.js';
import { type CheckedProject, checkNewProject } from './naming/check-new-project.js';
import { newProjectId } from './naming/project-id.js';
import { nameKey } from './naming/slug.js';
import type { NewProject, Project } from './project.js';
import { type ProjectRecord, writeProject } from './project-file.js';
import { StoreError } from './store-error.js';

/** Creates a project in `root`, or in the folder that `input.path` names. */
export async function createProject(root: string, input: NewProject, at: number): Promise<ProjectRecord> {
  const facts = { ...checkNewProject(input), createdAt: at, updatedAt: at, stages: {} };
  return createProjectFolder(await makeParent(root, input.path), facts, async () => {});
}

export interface NewFolder extends CheckedProject, Pick<Project, 'createdAt' | 'updatedAt' | 'stages'> {
  readonly origin?: string;
}

/**
 * Creates the folder of a new project in `parent`, which must exist. Everything, including what `fill` adds, is written
 * to a hidden sibling that is then renamed into place: the project appears whole, and the rename fails if another
 * process took the name in between.
 */
export async function createProjectFolder(
  parent: string,
  { idea, slug, ...facts }: NewFolder,
  fill: (draft: ProjectRecord) => Promise<void>,
): Promise<ProjectRecord> {
  const draft = await draftName(parent);
  try {
    await mkdir(draft);
    const record: ProjectRecord = { ...facts, id: newProjectId(slug), version: 1, path: draft, extra: {} };
    await makeInternalFolder(draft);
    await ensureFolder(stagesFolder(draft));
    await writeFileAtomic(ideaFile(draft), idea);
    await fill(record);
    await writeProject(record);
    return { ...record, path: await moveToFreeName(draft, parent, slug) };
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => undefined);
    // The caller does not know the hidden folder: report the failure for `parent`.
    const told =
      StoreError.isInstance(error) && error.code === 'STORE_UNWRITABLE' ? (error.cause ?? error) : error;
    throw writeFailure(told, parent);
  }
}

/** Resolves a folder outside the root to its real path, so that retargeting a symbolic link later does not move the project. */
async function makeParent(root: string, elsewhere: string | undefined): Promise<string> {
  const parent = elsewhere === undefined ? root : resolve(elsewhere);
  try {
    await ensureFolders(parent);
    return elsewhere === undefined ? parent : await realpath(parent);
  } catch (error) {
    throw writeFailure(error, parent);
  }
}

async function moveToFreeName(draft: string, parent: string, slug: string): Promise<string> {
  const taken = new Set((await readdir(parent)).map(nameKey));
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? slug : `${slug}-${count}`;
    if (taken.has(nameKey(name))) continue;
    const path = join(parent, name);
    try {
      await rename(draft, path);
    } catch (error) {
      if (!(await appeared(error, path))) throw error;
      continue;
    }
    await syncFolder(dirname(path));
    return path;
  }
}

/** Whether a rename failed because the target name was taken in the meantime. */
async function appeared(error: unknown, path: string): Promise<boolean> {
  if (!['EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EPERM', 'EACCES'].includes(errorCode(error) ?? '')) return false;
  return stat(path).then(
    () => true,
    () => false,
  );
}
