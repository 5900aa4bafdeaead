import { dirname } from 'node:path';
import { lockLost } from './failures.js';
import { ensureFolders, writeFileAtomic } from './fs/atomic-write.js';
import { writeFailure } from './fs/error-code.js';
import { readText } from './fs/safe-read.js';
import { acquireLock, isHeldBy, type LockOptions, lockHolder } from './lock/file-lock.js';
import { lockedError } from './locked-error.js';
import { ParseFailure, parseObject } from './parse.js';
import { StoreError } from './store-error.js';

/** File in the root that lists the projects kept elsewhere. */
export const REGISTRY_NAME = '.registered.json';

/** Absolute paths of project folders outside the root, in order of registration. */
export async function readRegistry(file: string): Promise<string[]> {
  const text = await readText(file);
  if (text === undefined) return [];
  try {
    const { folders } = parseObject(text);
    if (Array.isArray(folders) && folders.every((folder) => typeof folder === 'string')) return folders;
    throw new ParseFailure('folders is not a list of paths');
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    throw new StoreError('STORE_UNREADABLE', `${file} cannot be read: ${error.message}.`, {
      hint: 'Mend it, or move it away and register the folders outside the projects folder again.',
      cause: error,
    });
  }
}

/** Changes the registry under a lock, so that no process loses another's entry. */
export async function changeRegistry(
  file: string,
  change: (folders: readonly string[]) => readonly string[],
  options: LockOptions,
): Promise<void> {
  const root = dirname(file);
  await ensureFolders(root).catch((error: unknown) => {
    throw writeFailure(error, root);
  });
  const lockFile = `${file}.lock`;
  const what = 'The list of registered folders';
  const { lock, ...refused } = await acquireLock(lockFile, options);
  if (lock === undefined) throw lockedError(what, refused);
  try {
    const before = await readRegistry(file);
    const folders = change(before);
    if (folders.length === before.length && folders.every((path, index) => path === before[index])) return;
    if (!(await isHeldBy(lockFile, lock.owner))) throw lockLost(what, await lockHolder(lockFile));
    await writeFileAtomic(file, `${JSON.stringify({ schemaVersion: 1, folders }, null, 2)}\n`);
  } finally {
    await lock.release();
  }
}
