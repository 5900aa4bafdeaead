import { lstat, unlink } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import type { Project } from '@ai-toolkit/project-store';
import { codeOf, isMissing } from '../../error-code.js';
import { makeFolders } from '../../files/make-folders.js';
import { writeWhole } from '../../files/write-whole.js';
import { PlanError } from '../../plan-error.js';
import { codeContextPath, encodeCodeContext } from './code-context.js';
import { collectSources } from './collect-sources.js';
import { fitFiles } from './fit.js';
import type { LeftOut } from './left-out.js';

export interface ImportCodeOptions {
  /** Description of the code, for the model. Default: none. */
  readonly description?: string;
  /** Upper bound on the imported text, tokens. Default: 20,000. */
  readonly tokenBudget?: number;
  /** Larger files are left out, bytes. Default: 262,144. */
  readonly maxFileBytes?: number;
  readonly signal?: AbortSignal;
}

export interface ImportedFile {
  /** Relative to the deepest common folder of everything imported, with `/` as the separator. */
  readonly path: string;
  readonly lines: number;
  /** Number of lines cut from its end to fit the budget. */
  readonly linesLeftOut: number;
}

/** Result of an import. `files` and `leftOut` are sorted by path. */
export interface CodeImport {
  /** File in the project that contains the text. */
  readonly path: string;
  readonly files: readonly ImportedFile[];
  readonly leftOut: readonly LeftOut[];
  /** Estimated tokens of the text. */
  readonly tokens: number;
  /** Whether an earlier import was replaced. */
  readonly replaced: boolean;
}

const defaultTokens = 20_000;
const defaultFileBytes = 256 * 1024;

export async function importCode(
  project: Project,
  named: readonly string[],
  options: ImportCodeOptions,
  count: (text: string) => number,
): Promise<CodeImport> {
  const { description = '', tokenBudget = defaultTokens, maxFileBytes = defaultFileBytes, signal } = options;
  checkCount('tokenBudget', tokenBudget);
  checkCount('maxFileBytes', maxFileBytes);
  if (named.length === 0) throw new TypeError('files must name at least one file or folder');
  const target = codeContextPath(folderOf(project));
  const { files, leftOut } = await collectSources(
    named.map((path) => resolve(path)),
    target,
    maxFileBytes,
    signal,
  );
  const { text, tokens, shown, dropped } = fitFiles(files, leftOut, tokenBudget, count);
  const missing = [...leftOut, ...dropped].sort((a, b) => (a.path < b.path ? -1 : 1));
  if (shown.length === 0) throw nothingLeft(missing, tokenBudget);
  const replaced = await exists(target);
  await keep(target, encodeCodeContext({ text, description: description.trim() }));
  return {
    path: target,
    files: shown.map(({ path, lines, linesLeftOut }) => ({ path, lines, linesLeftOut })),
    leftOut: missing,
    tokens,
    replaced,
  };
}

export async function removeCode(project: Project): Promise<boolean> {
  try {
    await unlink(codeContextPath(folderOf(project)));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function folderOf({ id, path }: Project): string {
  if (isAbsolute(path)) return path;
  throw new PlanError('PLAN_IMPORT_INVALID', `The project ${id} has no folder on this machine.`, {
    hint: 'Import code into a project that is kept in a folder.',
  });
}

async function keep(target: string, text: string): Promise<void> {
  const folder = dirname(target);
  try {
    await makeFolders(folder);
    const isLink = (await lstat(folder)).isSymbolicLink();
    if (!isLink) return await writeWhole(target, text);
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    throw new PlanError('PLAN_IMPORT_INVALID', `${target} cannot be written (${codeOf(error)}).`, {
      hint: 'Make the folder of the project writable and give the disk room.',
      cause: error,
    });
  }
  throw new PlanError(
    'PLAN_IMPORT_INVALID',
    `${folder} is a symbolic link, which a project may not contain.`,
    {
      hint: 'Replace the link by the folder itself.',
    },
  );
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function nothingLeft(missing: readonly LeftOut[], tokenBudget: number): PlanError {
  const some = missing.slice(0, 5).map(({ path, why }) => `${path} (${why})`);
  const list = [...some, ...(missing.length > some.length ? [`${missing.length - some.length} more`] : [])];
  const whole = list.length === 0 ? 'there are no files' : `left out: ${list.join(', ')}`;
  return new PlanError('PLAN_IMPORT_EMPTY', `No code was imported: ${whole}.`, {
    hint: missing.some(({ reason }) => reason === 'budget')
      ? `Allow more than ${tokenBudget} tokens, or name fewer files.`
      : 'Name other files.',
  });
}

function checkCount(option: string, value: number): void {
  if (Number.isSafeInteger(value) && value > 0) return;
  throw new RangeError(`${option} must be a positive whole number, received ${String(value)}`);
}
