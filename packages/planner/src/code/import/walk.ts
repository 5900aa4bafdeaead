import { lstat, readdir } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { codeOf, isMissing } from '../../error-code.js';
import { PlanError } from '../../plan-error.js';
import { type IgnoreRules, rulesFor } from './ignore-rules.js';
import { isGenerated, isToolFolder } from './known-names.js';
import type { LeftOutReason } from './left-out.js';
import { isSecretFile, isSecretFolder } from './secrets.js';

/** A file to read, or something left out. */
export interface Found {
  /** Absolute; a folder ends in the path separator. */
  readonly path: string;
  /** Absent for a file to read. */
  readonly reason?: LeftOutReason;
}

/** Walks a file or folder given by the caller. Does not follow links. Fails with `PLAN_IMPORT_NOT_FOUND`. */
export async function* walk(named: string): AsyncGenerator<Found, void, void> {
  const kind = await kindOf(named);
  if (kind === 'missing') throw notFound(named);
  if (named.split(sep).some(isSecretFolder)) {
    yield { path: named, reason: 'secret' };
    return;
  }
  const rules = await rulesFor(kind === 'folder' ? named : dirname(named));
  if (rules === undefined || (kind !== 'folder' && rules.isIgnored(named, false))) {
    yield { path: named, reason: 'ignored' };
  } else {
    yield* visit(named, kind, rules);
  }
}

type Kind = 'file' | 'folder' | 'link' | 'other' | 'unreadable' | 'missing';

async function* visit(path: string, kind: Kind, rules: IgnoreRules): AsyncGenerator<Found, void, void> {
  if (kind === 'link') yield { path, reason: 'symbolic-link' };
  else if (kind === 'other') yield { path, reason: 'not-a-file' };
  else if (kind === 'unreadable') yield { path, reason: 'unreadable' };
  else if (kind === 'file') yield judgeFile(path);
  else if (kind === 'folder') {
    const name = basename(path);
    const reason = isToolFolder(name) ? 'tooling' : isSecretFolder(name) ? 'secret' : undefined;
    if (reason === undefined) yield* enter(path, rules);
    else yield { path: join(path, '/'), reason };
  }
}

async function* enter(folder: string, rules: IgnoreRules): AsyncGenerator<Found, void, void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    yield { path: join(folder, '/'), reason: 'unreadable' };
    return;
  }
  for (const name of names) {
    const path = join(folder, name);
    // An entry that is missing now was deleted meanwhile.
    const kind = await kindOf(path);
    const isFolder = kind === 'folder';
    if (isFolder && isToolFolder(name)) yield { path: join(path, '/'), reason: 'tooling' };
    else if (rules.isIgnored(path, isFolder))
      yield { path: isFolder ? join(path, '/') : path, reason: 'ignored' };
    else yield* visit(path, kind, isFolder ? await rules.enter(path) : rules);
  }
}

function judgeFile(path: string): Found {
  const name = basename(path);
  if (isSecretFile(name)) return { path, reason: 'secret' };
  return isGenerated(name) ? { path, reason: 'generated' } : { path };
}

async function kindOf(path: string): Promise<Kind> {
  try {
    const stats = await lstat(path);
    if (stats.isSymbolicLink()) return 'link';
    if (stats.isDirectory()) return 'folder';
    return stats.isFile() ? 'file' : 'other';
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return isMissing(error) ? 'missing' : 'unreadable';
  }
}

function notFound(path: string): PlanError {
  return new PlanError('PLAN_IMPORT_NOT_FOUND', `There is no file or folder ${path}.`, {
    hint: 'Name files and folders that exist.',
  });
}
