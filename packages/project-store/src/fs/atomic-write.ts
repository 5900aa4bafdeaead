import { constants, link, mkdir, open, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StoreError } from '../store-error.js';
import { causeCode, errorCode, isMissing, writeFailure } from './error-code.js';
import { temporaryName } from './temporary-name.js';

/**
 * Writes `text` to `path` atomically: readers see, and a crash leaves, either the old file or the new one, whole.
 * Writes a temporary file in the same folder, syncs it, renames it over the target and syncs the folder.
 */
export async function writeFileAtomic(path: string, text: string): Promise<void> {
  try {
    const temporary = await writeTemporary(path, text);
    try {
      await rename(temporary, path);
    } catch (error) {
      await unlink(temporary).catch(ignore);
      throw error;
    }
    await syncFolder(dirname(path));
  } catch (error) {
    throw writeFailure(error, path);
  }
}

/** Like `writeFileAtomic`, but never replaces an existing file. @returns false if one exists */
export async function createFileAtomic(path: string, text: string): Promise<boolean> {
  try {
    const temporary = await writeTemporary(path, text);
    try {
      if (!(await linkOrCreate(temporary, path, text))) return false;
    } finally {
      await unlink(temporary).catch(ignore);
    }
    await syncFolder(dirname(path));
    return true;
  } catch (error) {
    throw writeFailure(error, path);
  }
}

/** Links the complete file `source` to `path` unless that name is taken. Copies where hard links are unsupported. */
export async function linkOrCreate(source: string, path: string, text: string): Promise<boolean> {
  try {
    await link(source, path);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
  }
  // exFAT and some network file systems have no hard links.
  try {
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a file; a missing file is not an error. */
export async function removeFile(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw writeFailure(error, path);
  }
}

/** Creates a folder if it does not exist. Its parent must exist. */
export async function ensureFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
    await syncFolder(dirname(path));
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw writeFailure(error, path);
  }
}

/** Creates a folder and its parents. Recursive `mkdir` never returns where `/proc` refuses a folder. */
export async function ensureFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await ensureFolders(dirname(path));
    await ensureFolder(path).catch((again: unknown) => {
      throw causeCode(again) === 'ENOENT' ? refusedFolder(path, again) : again;
    });
  }
}

/** Makes the entries of a folder durable. Does nothing on Windows, which cannot sync a folder and needs it less. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, constants.O_RDONLY);
  try {
    await handle.sync();
  } catch (error) {
    if (errorCode(error) !== 'EINVAL' && errorCode(error) !== 'EBADF') throw error;
  } finally {
    await handle.close();
  }
}

/** Virtual file systems such as `/proc` answer ENOENT even though the parent exists. */
function refusedFolder(path: string, cause: unknown): StoreError {
  return new StoreError('STORE_UNWRITABLE', `Cannot make the folder ${path}: this file system takes none.`, {
    hint: 'Choose another projects folder.',
    cause,
  });
}

async function writeTemporary(path: string, text: string): Promise<string> {
  const temporary = await temporaryName(path);
  const handle = await open(temporary, 'wx');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await unlink(temporary).catch(ignore);
    throw error;
  }
  await handle.close();
  return temporary;
}

function ignore(): void {}
