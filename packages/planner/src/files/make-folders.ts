import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../error-code.js';

/**
 * Makes a folder with all that lie above it. Not by `mkdir`'s own recursion, which never ends where `/proc` refuses one.
 * Fails with the error of the system.
 */
export async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolders(dirname(path));
    await mkdir(path).catch((again: unknown) => {
      // Another process was faster.
      if (codeOf(again) !== 'EEXIST') throw again;
    });
  }
}
