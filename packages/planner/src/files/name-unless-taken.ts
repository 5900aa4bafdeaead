import { constants, copyFile, link } from 'node:fs/promises';
import { codeOf } from '../error-code.js';

/** Systems of files that have no hard links, such as exFAT, say so in one of these ways. */
const withoutLinks: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/**
 * Gives a whole file a second name, which must be free: unlike a renaming, a link never takes the place of another file.
 * Fails with the system's `EEXIST` when the name is taken.
 */
export async function nameUnlessTaken(file: string, name: string): Promise<void> {
  try {
    await link(file, name);
  } catch (error) {
    if (!withoutLinks.has(codeOf(error) ?? '')) throw error;
    await copyFile(file, name, constants.COPYFILE_EXCL);
  }
}
