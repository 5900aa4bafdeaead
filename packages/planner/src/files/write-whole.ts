import { randomBytes } from 'node:crypto';
import { link, open, rename, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { codeOf } from './read-own-file.js';

/**
 * Puts a text at `path` so that a reader or a crash finds the old file or the new one, whole. A link at `path` is
 * replaced, not followed.
 * @returns false when there is a file already and `replace` is not set
 */
export async function writeWhole(path: string, text: string, replace: boolean): Promise<boolean> {
  const temporary = join(
    dirname(path),
    `.${basename(path).slice(0, 64)}.${randomBytes(6).toString('hex')}.tmp`,
  );
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (replace) {
      await rename(temporary, path);
      return true;
    }
    return await linkUnlessTaken(temporary, path);
  } finally {
    await unlink(temporary).catch(() => undefined);
  }
}

/** A hard link is the one way to give a whole file a name unless it is taken. */
async function linkUnlessTaken(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}
