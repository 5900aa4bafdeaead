import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Paths } from '../config/paths.js';
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
    await access(existing, constants.W_OK | constants.X_OK);
    return ok(name, path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    const remedy = `Make ${existing} writable, or set AI_TOOLKIT_HOME to a folder that is.`;
    return failure(name, `${path} cannot be written (${code}).`, remedy);
  }
}

/** The folder itself, or the closest one above it that is there: the one in which it would be made. */
async function nearestExisting(path: string): Promise<string> {
  try {
    await access(path, constants.F_OK);
    return path;
  } catch {
    const parent = dirname(path);
    return parent === path ? path : nearestExisting(parent);
  }
}
