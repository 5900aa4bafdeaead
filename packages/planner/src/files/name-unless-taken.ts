import { constants, copyFile, link } from 'node:fs/promises';
import { codeOf } from '../error-code.js';

/** Errors of file systems without hard links, such as exFAT. */
const withoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Links a complete file to a second name, which must be free: unlike a rename, a link never replaces a file. Fails with
 * the system's `EEXIST` if the name is taken.
 */
export async function nameUnlessTaken(file: string, name: string): Promise<void> {
  try {
    await link(file, name);
  } catch (error) {
    if (!withoutLinks.has(codeOf(error) ?? '')) throw error;
    await copyFile(file, name, constants.COPYFILE_EXCL);
  }
}
