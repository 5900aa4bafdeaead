import { constants, lstat, readFile } from 'node:fs/promises';
import { StoreError } from '../store-error.js';
import { errorCode, isMissing } from './error-code.js';

/**
 * The text of a file, or undefined when there is none.
 * A symbolic link is refused: a project from elsewhere could otherwise send any file of this user to a provider.
 */
export async function readText(path: string): Promise<string | undefined> {
  try {
    // O_NOFOLLOW does not exist on Windows, where links need special rights to make.
    return await readFile(path, { encoding: 'utf8', flag: constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) });
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (errorCode(error) === 'ELOOP' || errorCode(error) === 'EMLINK') throw symbolicLink(path, error);
    throw new StoreError('STORE_UNREADABLE', `Cannot read ${path}: ${errorCode(error) ?? 'unknown error'}.`, {
      hint: 'Check that it is a file and that you may read it.',
      cause: error,
    });
  }
}

/** Refuses a folder inside a project that is really a symbolic link to somewhere else. Missing is fine. */
export async function refuseLinkedFolder(path: string): Promise<void> {
  try {
    if ((await lstat(path)).isSymbolicLink()) throw symbolicLink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function symbolicLink(path: string, cause?: unknown): StoreError {
  return new StoreError(
    'STORE_OUTSIDE_ROOT',
    `${path} is a symbolic link, which a project may not contain.`,
    {
      hint: 'Replace the link by the file or folder itself.',
      ...(cause === undefined ? {} : { cause }),
    },
  );
}
