import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMissing } from '../error-code.js';
import { readOwnFile } from '../files/read-own-file.js';
import { PlanError } from '../plan-error.js';
import type { TemplateSource } from './template-source.js';

const nameShape = /^(?:partials\/)?[a-z0-9]+(?:-[a-z0-9]+)*$/u;
const extension = '.hbs';
/** A larger prompt would fit no model. */
const maxBytes = 4 * 1024 * 1024;

export function isTemplateName(name: string): boolean {
  return nameShape.test(name);
}

export function templateFile(folder: string, name: string): string {
  return join(folder, `${name}${extension}`);
}

/** The files `NAME.hbs` and `partials/NAME.hbs` of a folder, which need not exist. */
export function folderTemplates(folder: string, mayBeLink: boolean): TemplateSource {
  return {
    async load(name) {
      if (!isTemplateName(name)) return undefined;
      const origin = templateFile(folder, name);
      const refusal = (problem: string, cause?: unknown): PlanError =>
        unreadable(name, origin, problem, cause);
      const text = await readOwnFile(origin, { maxBytes, mayBeLink, refusal });
      return text === undefined ? undefined : { name, text, origin };
    },
    async names() {
      const [main, partials] = await Promise.all([namesIn(folder), namesIn(join(folder, 'partials'))]);
      return [...main, ...partials.map((name) => `partials/${name}`)].filter(isTemplateName).sort();
    },
  };
}

function unreadable(name: string, path: string, problem: string, cause: unknown): PlanError {
  return new PlanError(
    'PLAN_TEMPLATE_INVALID',
    `The template ${name} cannot be read from ${path}: ${problem}.`,
    {
      hint: 'Check that it is a file and that you may read it, or remove it to use the built-in one.',
      cause,
    },
  );
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const files = await readdir(folder);
    return files.filter((file) => file.endsWith(extension)).map((file) => file.slice(0, -extension.length));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
