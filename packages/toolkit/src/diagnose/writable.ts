import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Paths } from '../config/paths.js';
import { fileErrorCode } from '../files/replace-file.js';
import { type Diagnosis, failure, ok } from './diagnosis.js';

/** Whether each folder can be written, or made where it is missing. */
export async function diagnoseWritable(paths: Paths): Promise<Diagnosis[]> {
  const folders: readonly (readonly [name: string, path: string])[] = [
    ['configuration folder', dirname(paths.configFile)],
    ['cache folder', paths.cache],
    ['ledger folder', dirname(paths.ledger)],
    ['projects folder', paths.projects],
  ];
  return Promise.all(folders.map(([name, path]) => check(name, path)));
}

async function check(name: string, path: string): Promise<Diagnosis> {
  const existing = await nearestExisting(path);
  try {
    // Permissions do not tell all: the disk may be full, mounted read-only, or in the way there may be a file.
    await rmdir(await mkdtemp(join(existing, '.ai-toolkit-')));
    return ok(name, path);
  } catch (error) {
    const code = fileErrorCode(error) ?? 'unknown error';
    return failure(name, `${path} cannot be written (${code}).`, remedyOf(code, existing));
  }
}

function remedyOf(code: string, existing: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') return `Make room on the disk of ${existing}.`;
  if (code === 'ENOTDIR')
    return `${existing} is no folder: move it away, or set AI_TOOLKIT_HOME to another folder.`;
  return `Make ${existing} writable (chmod u+rwx), or set AI_TOOLKIT_HOME to a folder that is.`;
}

/** The path itself, or the closest one above it that is there: the one in which it would be made. */
async function nearestExisting(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch {
    const parent = dirname(path);
    return parent === path ? path : nearestExisting(parent);
  }
}
