import { mkdir, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { codeOf } from '../../error-code.js';
import { PlanError } from '../../plan-error.js';
import { type FileAction, inspectTarget } from './inspect-target.js';
import { type SelectedFile, type SkippedBlock, selectBlocks } from './select-blocks.js';
import { writeFiles } from './write-files.js';

export interface ExtractCodeOptions {
  /** Replace files that are there with another text. Default: false. */
  readonly force?: boolean;
  /** Only say what would be done. Default: false. */
  readonly dryRun?: boolean;
}

export interface ExtractedFile {
  /** Below the folder, with `/` between its parts. */
  readonly path: string;
  /** Of the block's opening fence, from 1. */
  readonly line: number;
  readonly bytes: number;
  /** What was done, or would be; `conflict` only with `dryRun`. */
  readonly action: FileAction;
}

export interface CodeExtraction {
  /** Real path of the folder; with `dryRun`, of a folder that need not exist. */
  readonly dir: string;
  /** In the order of the text. */
  readonly files: readonly ExtractedFile[];
  /** Blocks that are meant as files and were not written. */
  readonly skipped: readonly SkippedBlock[];
  /** Blocks that are no files: examples, commands, changes. */
  readonly unnamed: number;
}

/**
 * Writes the fenced blocks of a Markdown text that say which file they are. The name stands behind the opening fence
 * (`ts src/a.ts`, `ts title="src/a.ts"`, `src/a.ts`), in a comment on the first line, which is then no part of the file, or
 * in a heading or a line of its own above. All files are written or none, none outside `dir`, and none over another
 * without `force`; blocks with a name that is not safe or not theirs alone are skipped and reported.
 * @throws PlanError `PLAN_EXTRACT_CONFLICT` naming every file that is in the way; `PLAN_EXTRACT_FAILED`
 */
export async function extractCode(
  text: string,
  dir: string,
  { force = false, dryRun = false }: ExtractCodeOptions = {},
): Promise<CodeExtraction> {
  if (typeof dir !== 'string' || dir === '') {
    throw new TypeError(`dir must be the path of a folder, received ${JSON.stringify(dir)}`);
  }
  const { files: selected, skipped: unfit, unnamed } = selectBlocks(text);
  try {
    if (!dryRun && selected.length > 0) await mkdir(dir, { recursive: true });
    const folder = await realpath(dir).catch(() => resolve(dir));
    const { files, links } = await inspect(folder, selected, force);
    const planned = files.map(({ file, action }) => report(file, action));
    const skipped = [...unfit, ...links].sort((a, b) => a.line - b.line);
    if (!dryRun) {
      const conflicts = planned.filter(({ action }) => action === 'conflict');
      if (conflicts.length > 0) throw inTheWay(folder, conflicts);
      const open = files.filter(({ action }) => action !== 'unchanged');
      await writeFiles(
        folder,
        open.map(({ file, action }) => ({ ...file, replace: action === 'replace' })),
      );
    }
    return { dir: folder, files: planned, skipped, unnamed };
  } catch (error) {
    if (PlanError.isInstance(error)) throw error;
    const reason = codeOf(error) ?? (error instanceof Error ? error.message : String(error));
    throw new PlanError('PLAN_EXTRACT_FAILED', `The files cannot be written to ${dir}: ${reason}.`, {
      hint: 'Nothing was changed. Check that the folder can be written to and that the disk has room.',
      cause: error,
    });
  }
}

interface Inspected {
  readonly file: SelectedFile;
  readonly action: FileAction;
}

async function inspect(
  folder: string,
  selected: readonly SelectedFile[],
  force: boolean,
): Promise<{ files: Inspected[]; links: SkippedBlock[] }> {
  const files: Inspected[] = [];
  const links: SkippedBlock[] = [];
  for (const file of selected) {
    const action = await inspectTarget(folder, file, force);
    if (action !== 'link') {
      files.push({ file, action });
      continue;
    }
    const why = 'a symbolic link is in the way';
    links.push({ line: file.line, name: file.path, reason: 'symbolic-link', why });
  }
  return { files, links };
}

function report({ path, line, text }: SelectedFile, action: FileAction): ExtractedFile {
  return { path, line, bytes: Buffer.byteLength(text), action };
}

function inTheWay(folder: string, conflicts: readonly ExtractedFile[]): PlanError {
  const names = conflicts.map(({ path }) => path).join(', ');
  return new PlanError('PLAN_EXTRACT_CONFLICT', `${folder} has other files of these names: ${names}.`, {
    hint: 'Nothing was written. Choose an empty folder, or allow replacing them (force).',
  });
}
