import { mkdtemp, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Paths } from '../config/paths.js';
import { fileErrorCode } from '../files/replace-file.js';
import { type Diagnosis, failure, ok } from './diagnosis.js';

/** Checks that each folder can be written, or created if missing. */
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
    // Permissions alone do not suffice: the disk may be full or read-only, or a file may be in the way.
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

/** The path itself, or its nearest existing ancestor, in which it would be created. */
async function nearestExisting(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch {
    const parent = dirname(path);
    return parent === path ? path : nearestExisting(parent);
  }
}
