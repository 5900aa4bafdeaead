import { rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ensureFolders, syncFolder } from '../fs/atomic-write.js';
import { isMissing, writeFailure } from '../fs/error-code.js';
import { randomToken } from '../fs/token.js';
import { QUARANTINE_FOLDER } from '../layout.js';
import type { DamagedProject } from '../project.js';
import { REGISTRY_NAME } from '../registry.js';

export interface QuarantinedProject extends DamagedProject {
  /** Its new path. */
  readonly movedTo: string;
}

/**
 * Whether moving a project aside helps: one with another layout is intact, and a link is not ours to move. The list of
 * registered folders is no project; without it, those would be gone from every list.
 */
export function belongsAside(root: string, { path, damage }: DamagedProject): boolean {
  if (dirname(path) !== root || basename(path) === REGISTRY_NAME) return false;
  return damage === 'garbled' || damage === 'missing';
}

/** Moves a damaged project aside, whole. Undefined if it is already gone. */
export async function moveAside(
  root: string,
  project: DamagedProject,
  at: number,
): Promise<QuarantinedProject | undefined> {
  const folder = join(root, QUARANTINE_FOLDER);
  const day = new Date(at).toISOString().slice(0, 10);
  const movedTo = join(folder, `${basename(project.path)}-${day}-${randomToken(6)}`);
  try {
    await ensureFolders(folder);
    await rename(project.path, movedTo);
    await syncFolder(folder);
    await syncFolder(root);
    return { ...project, movedTo };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw writeFailure(error, movedTo);
  }
}
