import { lstat, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ensureFolders, syncFolder } from './fs/atomic-write.js';
import { isMissing, writeFailure } from './fs/error-code.js';
import { moveFolder } from './fs/move-folder.js';
import { randomToken } from './fs/token.js';
import { projectLock, TRASH_FOLDER } from './layout.js';
import { StoreError } from './store-error.js';

/**
 * Moves a project's folder to the trash of `root`. A crash leaves the project whole in its place or in the trash; if
 * they are on different disks, perhaps in both. @returns its path there
 */
export async function moveToTrash(root: string, project: string, at: number): Promise<string> {
  const trash = join(root, TRASH_FOLDER);
  const day = new Date(at).toISOString().slice(0, 10);
  const target = join(trash, `${basename(project)}-${day}-${randomToken(6)}`);
  try {
    if ((await lstat(project)).isSymbolicLink()) throw linked(project);
    await ensureFolders(trash);
    await moveFolder(project, target);
    await syncFolder(dirname(project)).catch(ignoreMissing);
    // The lock held for this deletion moved along.
    await unlink(projectLock(target)).catch(ignoreMissing);
    return target;
  } catch (error) {
    throw writeFailure(error, target);
  }
}

/** Deletes what `moveToTrash` moved. A crash may leave remains in the trash, but never half a project. */
export async function emptyFromTrash(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    throw writeFailure(error, path);
  }
}

function linked(project: string): StoreError {
  return new StoreError(
    'STORE_OUTSIDE_ROOT',
    `${project} is a symbolic link; moving it would leave the project itself where it is.`,
    { hint: 'Delete by hand what it leads to, or only the link.' },
  );
}

function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
