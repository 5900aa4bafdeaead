import { cp, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './atomic-write.js';
import { errorCode } from './error-code.js';
import { draftName, removalName } from './temporary-name.js';

/**
 * Moves a folder to a free name, also on another disk. A process that is killed meanwhile leaves the folder whole at
 * one of the two places, or at both, and otherwise only what `repair` removes.
 */
export async function moveFolder(source: string, target: string): Promise<void> {
  try {
    await rename(source, target);
  } catch (error) {
    if (errorCode(error) !== 'EXDEV') throw error;
    await copyWhole(source, target);
    await removeAtOnce(source, target);
  }
}

async function copyWhole(source: string, target: string): Promise<void> {
  const draft = await draftName(dirname(target));
  try {
    await cp(source, draft, {
      ...{ recursive: true, errorOnExist: true, force: false, preserveTimestamps: true },
      // Else a relative link would lead back to the source, which is about to be removed.
      verbatimSymlinks: true,
    });
    await rename(draft, target);
    await syncFolder(dirname(target));
  } catch (error) {
    await removeQuietly(draft);
    throw error;
  }
}

/** Removing a folder takes many steps, but renaming it on its own disk only one. */
async function removeAtOnce(source: string, copy: string): Promise<void> {
  const removed = await removalName(dirname(source));
  try {
    await rename(source, removed);
  } catch (error) {
    await removeQuietly(copy);
    throw error;
  }
  await rm(removed, { recursive: true, force: true });
}

async function removeQuietly(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch(() => undefined);
}
