import { isAbsolute, join } from 'node:path';
import type { Project } from '@ai-toolkit/project-store';
import { readOwnFile } from '../../files/read-own-file.js';
import { PlanError } from '../../plan-error.js';

/** Code imported into a project, as quoted in its prompts. */
export interface CodeContext {
  /** Markdown: the files, then what was left out. */
  readonly text: string;
  /** Description given at the import; empty if there was none. */
  readonly description: string;
}

/** Far more than any token budget admits. */
const maxBytes = 64 * 1024 * 1024;
const opening = '<!-- ai-toolkit ';
const closing = ' -->\n\n';

export function codeContextPath(folder: string): string {
  return join(folder, 'artifacts', 'imported-code.md');
}

/** Undefined if nothing was imported. Fails with `PLAN_IMPORT_INVALID` if the file was replaced by something else. */
export async function readCodeContext({ path: folder }: Project): Promise<CodeContext | undefined> {
  if (!isAbsolute(folder)) return undefined;
  const path = codeContextPath(folder);
  const file = await readOwnFile(path, {
    maxBytes,
    mayBeLink: false,
    refusal: (problem, cause) => notAContext(path, problem, cause),
  });
  return file === undefined ? undefined : decode(path, file);
}

export function encodeCodeContext({ text, description }: CodeContext): string {
  const head = JSON.stringify({ description })
    // Neither HTML comment terminator may appear inside.
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e');
  return `${opening}${head}${closing}${text}`;
}

/** A file edited by hand is read as it is; without its first line it has no description. */
function decode(path: string, file: string): CodeContext {
  const end = file.indexOf(closing);
  if (!file.startsWith(opening) || end < 0) return { text: file, description: '' };
  try {
    const head: unknown = JSON.parse(file.slice(opening.length, end));
    const description =
      typeof head === 'object' && head !== null ? Reflect.get(head, 'description') : undefined;
    return {
      text: file.slice(end + closing.length),
      description: typeof description === 'string' ? description : '',
    };
  } catch (error) {
    throw notAContext(path, 'its first line is damaged', error);
  }
}

function notAContext(path: string, problem: string, cause?: unknown): PlanError {
  return new PlanError('PLAN_IMPORT_INVALID', `The imported code ${path} cannot be used: ${problem}.`, {
    hint: 'Import the code again, or remove the file.',
    ...(cause === undefined ? {} : { cause }),
  });
}
