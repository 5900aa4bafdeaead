import { mkdir, rmdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../error-code.js';

/**
 * Creates a folder and its parents. Recursive `mkdir` never returns where `/proc` refuses a folder. Fails with the
 * system's error.
 * @param made receives the folders that were created, parents first, also when it fails half way
 */
export async function makeFolders(path: string, made: string[] = []): Promise<void> {
  try {
    await mkdir(path);
    made.push(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolders(dirname(path), made);
    await mkdir(path).then(
      () => made.push(path),
      (again: unknown) => {
        // Another process created it first.
        if (codeOf(again) !== 'EEXIST') throw again;
      },
    );
  }
}

/** Removes folders that `makeFolders` created. One that is no longer empty is left alone. */
export async function removeMade(made: readonly string[]): Promise<void> {
  for (const path of made.toReversed()) await rmdir(path).catch(() => undefined);
}
