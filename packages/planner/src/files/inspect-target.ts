import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../error-code.js';
import type { TextFile } from './write-files.js';

/**
 * - `create`: there is nothing of that name.
 * - `unchanged`: the file is there with this very text.
 * - `replace`: another text is there, which goes.
 * - `conflict`: another text is there, and may not go.
 */
export type FileAction = 'create' | 'unchanged' | 'replace' | 'conflict';

/** What stands where a file is to go; `link` when the way leads through a symbolic link. */
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
    // Nothing makes a file of a folder, or a folder of a file.
    if (isLast ? !stats.isFile() : !stats.isDirectory()) return 'conflict';
  }
  if ((await readFile(current, 'utf8')) === text) return 'unchanged';
  return force ? 'replace' : 'conflict';
}
