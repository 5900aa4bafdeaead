import { chmod, mkdir, realpath, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { codeOf } from '../error-code.js';
import { nameUnlessTaken } from './name-unless-taken.js';
import { temporaryBeside, writeFlushed } from './write-whole.js';

/** A file to be written. */
export interface TextFile {
  /** Relative to the target folder, with `/` as the separator. */
  readonly path: string;
  readonly text: string;
}

interface FileToWrite extends TextFile {
  readonly replace: boolean;
}

interface Staged {
  readonly path: string;
  /** Temporary file with the new text. */
  readonly temporary: string;
  readonly replace: boolean;
}

/** What was done so far, in order. */
interface Journal {
  readonly folders: string[];
  readonly temporaries: string[];
  /** Temporary names of files that were replaced. */
  readonly backups: string[];
  /** Each restores one file. */
  readonly undo: (() => Promise<unknown>)[];
}

/**
 * Writes all files or none: first to temporary files beside their targets, then under their final names. A partial
 * failure is rolled back. A file that appeared since the check is not overwritten.
 */
export async function writeFiles(folder: string, files: readonly FileToWrite[]): Promise<void> {
  const journal: Journal = { folders: [], temporaries: [], backups: [], undo: [] };
  let failed = true;
  try {
    const staged: Staged[] = [];
    for (const file of files) staged.push(await stage(folder, file, journal));
    for (const one of staged) await putInPlace(one, journal);
    failed = false;
  } finally {
    if (failed) await allInTurn(journal.undo.reverse());
    // Keep the backup of a file that could not be restored.
    const superfluous = failed ? journal.temporaries : [...journal.temporaries, ...journal.backups];
    await allInTurn(superfluous.map((path) => () => unlink(path)));
    if (failed) await allInTurn(journal.folders.reverse().map((path) => () => rmdir(path)));
  }
}

async function stage(
  folder: string,
  { path, text, replace }: FileToWrite,
  journal: Journal,
): Promise<Staged> {
  const target = join(folder, ...path.split('/'));
  await makeFolders(folder, dirname(target), journal);
  const temporary = temporaryBeside(target);
  journal.temporaries.push(temporary);
  await writeFlushed(temporary, text);
  if (replace) await chmod(temporary, (await stat(target)).mode);
  return { path: target, temporary, replace };
}

async function putInPlace({ path, temporary, replace }: Staged, journal: Journal): Promise<void> {
  if (!replace) {
    await nameUnlessTaken(temporary, path);
    journal.undo.push(() => unlink(path));
    return;
  }
  const old = temporaryBeside(path);
  await nameUnlessTaken(path, old);
  try {
    await rename(temporary, path);
  } catch (error) {
    // The file itself is still in its place.
    journal.temporaries.push(old);
    throw error;
  }
  journal.backups.push(old);
  journal.undo.push(() => rename(old, path));
}

async function makeFolders(root: string, folder: string, journal: Journal): Promise<void> {
  if (folder !== root) {
    await makeFolders(root, dirname(folder), journal);
    try {
      await mkdir(folder);
      journal.folders.push(folder);
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
  }
  // A link may have appeared since the check.
  const real = await realpath(folder);
  const inside = real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
  if (!inside) throw new Error(`${folder} leads out of ${root}`);
}

/** Runs all actions, ignoring failures. */
async function allInTurn(actions: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const action of actions) await action().catch(() => undefined);
}
