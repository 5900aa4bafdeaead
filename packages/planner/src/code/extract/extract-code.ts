import type { FileAction } from '../../files/inspect-target.js';
import { type PlaceFilesOptions, placeFiles } from '../../files/place-files.js';
import { type SelectedFile, type SkippedBlock, selectBlocks } from './select-blocks.js';

export type ExtractCodeOptions = PlaceFilesOptions;

export interface ExtractedFile {
  /** Relative to the folder, with `/` as the separator. */
  readonly path: string;
  /** Line of the block's opening fence, from 1. */
  readonly line: number;
  readonly bytes: number;
  /** What was done, or would be; `conflict` only with `dryRun`. */
  readonly action: FileAction;
}

export interface CodeExtraction {
  /** Real path of the folder; with `dryRun` it need not exist. */
  readonly dir: string;
  /** In order of appearance. */
  readonly files: readonly ExtractedFile[];
  /** Blocks that look like files but were not written. */
  readonly skipped: readonly SkippedBlock[];
  /** Number of blocks that are not files: examples, commands, changes. */
  readonly unnamed: number;
}

/**
 * Writes the fenced blocks of a Markdown text that name a file. The name is in the info string (`ts src/a.ts`, `ts
 * title="src/a.ts"`, `src/a.ts`), in a comment on the first line, which is then not part of the file, or in a heading
 * or line of its own directly above. Writes all files or none, never outside `dir`, and never over a different file
 * without `force`. Blocks with unsafe or conflicting names are skipped and reported.
 * @throws PlanError `PLAN_EXTRACT_CONFLICT` naming every conflicting file; `PLAN_EXTRACT_FAILED`
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
