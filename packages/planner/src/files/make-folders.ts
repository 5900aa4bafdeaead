import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../error-code.js';

/** Creates a folder and its parents. Recursive `mkdir` never returns where `/proc` refuses a folder. Fails with the system's error. */
export async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolders(dirname(path));
    await mkdir(path).catch((again: unknown) => {
      // Another process created it first.
      if (codeOf(again) !== 'EEXIST') throw again;
    });
  }
}
