import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../error-code.js';
import type { TextFile } from './write-files.js';

/**
 * - `create`: no such file exists.
 * - `unchanged`: the file exists with the same text.
 * - `replace`: the file exists with another text and is replaced.
 * - `conflict`: the file exists with another text and must not be replaced.
 */
export type FileAction = 'create' | 'unchanged' | 'replace' | 'conflict';

/** What writing a file would do; `link` if its path leads through a symbolic link. */
export async function inspectTarget(
  folder: string,
  { path, text }: TextFile,
  force: boolean,
): Promise<FileAction | 'link'> {
  const parts = path.split('/');
  let current = folder;
  for (const [index, part] of parts.entries()) {
    current = join(current, part);
    let stats: Awaited<ReturnType<typeof lstat>>;
    try {
      stats = await lstat(current);
    } catch (error) {
      if (isMissing(error)) return 'create';
      throw error;
    }
    if (stats.isSymbolicLink()) return 'link';
    const isLast = index === parts.length - 1;
    // A folder is never replaced by a file, nor a file by a folder.
    if (isLast ? !stats.isFile() : !stats.isDirectory()) return 'conflict';
  }
  if ((await readFile(current, 'utf8')) === text) return 'unchanged';
  return force ? 'replace' : 'conflict';
}
