import type { FileAction } from '../../files/inspect-target.js';
import { type PlaceFilesOptions, placeFiles } from '../../files/place-files.js';
import { type SelectedFile, type SkippedBlock, selectBlocks } from './select-blocks.js';

export type ExtractCodeOptions = PlaceFilesOptions;

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
  options: ExtractCodeOptions = {},
): Promise<CodeExtraction> {
  const { files, skipped: unfit, unnamed } = selectBlocks(text);
  const { dir: folder, placed, links } = await placeFiles(dir, files, options);
  const skipped = [...unfit, ...links.map(skipLink)].sort((a, b) => a.line - b.line);
  return { dir: folder, files: placed.map(report), skipped, unnamed };
}

function skipLink({ line, path }: SelectedFile): SkippedBlock {
  return { line, name: path, reason: 'symbolic-link', why: 'a symbolic link is in the way' };
}

function report({
  file: { path, line, text },
  action,
}: {
  readonly file: SelectedFile;
  readonly action: FileAction;
}): ExtractedFile {
  return { path, line, bytes: Buffer.byteLength(text), action };
}
