import { chmod, mkdir, realpath, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { codeOf } from '../error-code.js';
import { nameUnlessTaken } from './name-unless-taken.js';
import { temporaryBeside, writeFlushed } from './write-whole.js';

/** A file that is to be. */
export interface TextFile {
  /** Below the target folder, with `/` between its parts. */
  readonly path: string;
  readonly text: string;
}

interface FileToWrite extends TextFile {
  readonly replace: boolean;
}

interface Staged {
  readonly path: string;
  /** The new text, under a name of its own. */
  readonly temporary: string;
  readonly replace: boolean;
}

/** What was done so far, in its order. */
interface Journal {
  readonly folders: string[];
  readonly temporaries: string[];
  /** Files that were replaced, under other names. */
  readonly backups: string[];
  /** Each takes one file back. */
  readonly undo: (() => Promise<unknown>)[];
}

/**
 * Writes all files or none: first each under a name of its own beside its place, then each under its name. What fails half
 * way is taken back. A file that came into the way since the plan was made is not overwritten.
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
    // A replaced file that could not be put back is kept.
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
  journal.backups.push(old);
  await rename(temporary, path);
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
  // A link may have come into the way since the plan was made.
  const real = await realpath(folder);
  const inside = real === root || real.startsWith(root.endsWith(sep) ? root : root + sep);
  if (!inside) throw new Error(`${folder} leads out of ${root}`);
}

/** One that fails does not keep the others from being tried. */
async function allInTurn(actions: readonly (() => Promise<unknown>)[]): Promise<void> {
  for (const action of actions) await action().catch(() => undefined);
}
