import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codeOf } from '../error-code.js';
import { PlanError } from '../plan-error.js';
import { type FileAction, inspectTarget } from './inspect-target.js';
import { makeFolders, removeMade } from './make-folders.js';
import { type TextFile, writeFiles } from './write-files.js';

export interface PlaceFilesOptions {
  /** Replace existing files that differ. Default: false. */
  readonly force?: boolean;
  /** Only report what would be done. Default: false. */
  readonly dryRun?: boolean;
}

interface PlaceOptions extends PlaceFilesOptions {
  /** Write nothing if a symbolic link is in the way of any file. Default: false, which leaves only that file out. */
  readonly refuseLinks?: boolean;
}

/** Result of `placeFiles`. Both lists keep the order of the files. */
export interface PlacedFiles<File> {
  /** Real path of the folder; with `dryRun` it need not exist. */
  readonly dir: string;
  readonly placed: readonly { readonly file: File; readonly action: FileAction }[];
  /** Files whose path leads through a symbolic link. They are not written. Empty with `refuseLinks`. */
  readonly links: readonly File[];
}

/**
 * Writes files into a folder, which is created if necessary: all or none, never outside it, and never over a different
 * file without `force`. Their paths must be safe.
 * @throws PlanError `PLAN_EXTRACT_CONFLICT` naming every conflicting file, or link with `refuseLinks`;
 * `PLAN_EXTRACT_FAILED`
 */
export async function placeFiles<File extends TextFile>(
  dir: string,
  files: readonly File[],
  { force = false, dryRun = false, refuseLinks = false }: PlaceOptions,
): Promise<PlacedFiles<File>> {
  if (typeof dir !== 'string' || dir === '') {
    throw new TypeError(`dir must be the path of a folder, received ${JSON.stringify(dir)}`);
  }
  const made: string[] = [];
  try {
    if (!dryRun && files.length > 0) await makeFolders(resolve(dir), made);
    const folder = await realpath(dir).catch(() => resolve(dir));
    const placed: { file: File; action: FileAction }[] = [];
    const links: File[] = [];
    for (const file of files) {
      const action = await inspectTarget(folder, file, force);
      if (action === 'link') links.push(file);
      else placed.push({ file, action });
    }
    if (refuseLinks && links.length > 0) throw linkInTheWay(folder, links);
    if (!dryRun) {
      const conflicts = placed.filter(({ action }) => action === 'conflict');
      if (conflicts.length > 0) throw inTheWay(folder, conflicts);
      const open = placed.filter(({ action }) => action !== 'unchanged');
      await writeFiles(
        folder,
        open.map(({ file, action }) => ({ ...file, replace: action === 'replace' })),
      );
    }
    return { dir: folder, placed, links };
  } catch (error) {
    await removeMade(made);
    if (PlanError.isInstance(error)) throw error;
    const reason = codeOf(error) ?? (error instanceof Error ? error.message : String(error));
    throw new PlanError('PLAN_EXTRACT_FAILED', `The files cannot be written to ${dir}: ${reason}.`, {
      hint: 'Nothing was changed. Check that the folder can be written to and that the disk has room.',
      cause: error,
    });
  }
}

function linkInTheWay(folder: string, files: readonly TextFile[]): PlanError {
  const names = namesOf(files);
  return new PlanError('PLAN_EXTRACT_CONFLICT', `A symbolic link in ${folder} is in the way of: ${names}.`, {
    hint: 'Nothing was written. Remove the link, or choose another folder.',
  });
}

function inTheWay(folder: string, conflicts: readonly { readonly file: TextFile }[]): PlanError {
  const names = namesOf(conflicts.map(({ file }) => file));
  return new PlanError('PLAN_EXTRACT_CONFLICT', `${folder} has other files of these names: ${names}.`, {
    hint: 'Nothing was written. Choose an empty folder, or allow replacing them (force).',
  });
}

function namesOf(files: readonly TextFile[]): string {
  return files.map(({ path }) => path).join(', ');
}
