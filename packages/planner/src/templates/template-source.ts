import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PlanError } from '../plan-error.js';
import { builtInTemplates } from './built-in/index.js';

export interface Template {
  readonly name: string;
  /** Handlebars source. */
  readonly text: string;
  /** `built-in`, or the path of the file. */
  readonly origin: string;
}

/** Where templates and partials come from. Partials are templates named `partials/…`. */
export interface TemplateSource {
  /** Undefined when there is none of this name. */
  load(name: string): Promise<Template | undefined>;
  /** All names, sorted. */
  names(): Promise<readonly string[]>;
}

export interface TemplateSourceOptions {
  /** Folder whose `NAME.hbs` and `partials/NAME.hbs` replace the built-in ones of that name. It need not exist. */
  readonly templatesDir?: string;
}

const nameShape = /^(?:partials\/)?[a-z0-9]+(?:-[a-z0-9]+)*$/u;

/**
 * The built-in templates, and before them those of a folder of the user. A file there stays as it is when the toolkit
 * is upgraded. The built-in ones are strings in the code, so that they are present in whatever bundle the code is in.
 */
export function createTemplateSource({ templatesDir }: TemplateSourceOptions = {}): TemplateSource {
  return {
    async load(name) {
      if (!nameShape.test(name)) return undefined;
      const path = templatesDir === undefined ? undefined : join(templatesDir, `${name}.hbs`);
      const text = path === undefined ? undefined : await readOverride(path, name);
      if (path !== undefined && text !== undefined) return { name, text, origin: path };
      const builtIn = builtInTemplates.get(name);
      return builtIn === undefined ? undefined : { name, text: builtIn, origin: 'built-in' };
    },
    async names() {
      const own = templatesDir === undefined ? [] : await listOverrides(templatesDir);
      return [...new Set([...builtInTemplates.keys(), ...own])].sort();
    },
  };
}

async function readOverride(path: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw new PlanError('PLAN_TEMPLATE_INVALID', `The template ${name} cannot be read from ${path}.`, {
      hint: 'Check that it is a file and that you may read it, or remove it to use the built-in one.',
      cause: error,
    });
  }
}

async function listOverrides(folder: string): Promise<string[]> {
  const [main, partials] = await Promise.all([namesIn(folder), namesIn(join(folder, 'partials'))]);
  return [...main, ...partials.map((name) => `partials/${name}`)].filter((name) => nameShape.test(name));
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    const files = await readdir(folder);
    return files.filter((file) => file.endsWith('.hbs')).map((file) => file.slice(0, -'.hbs'.length));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
