import { builtInTemplates } from './built-in/index.js';
import { folderTemplates } from './folder-templates.js';
import { layered } from './layered-templates.js';

export interface Template {
  readonly name: string;
  /** Handlebars source. */
  readonly text: string;
  /** `built-in`, or the path of the file. */
  readonly origin: string;
}

/** Provides templates and partials. Partials are templates named `partials/…`. */
export interface TemplateSource {
  /** Undefined if there is no template of this name. */
  load(name: string): Promise<Template | undefined>;
  /** All names, sorted. */
  names(): Promise<readonly string[]>;
}

export interface TemplateSourceOptions {
  /** Folder whose `NAME.hbs` and `partials/NAME.hbs` replace the built-in ones of that name. It need not exist. */
  readonly templatesDir?: string;
}

/**
 * The built-in templates, overridden by those in a user's folder, which upgrades leave alone. The built-in ones are
 * strings in the code, so that every bundle contains them.
 */
export function createTemplateSource({ templatesDir }: TemplateSourceOptions = {}): TemplateSource {
  return templatesDir === undefined ? builtIn : layered(folderTemplates(templatesDir, true), builtIn);
}

const builtIn: TemplateSource = {
  async load(name) {
    const text = builtInTemplates.get(name);
    return text === undefined ? undefined : { name, text, origin: 'built-in' };
  },
  names: async () => [...builtInTemplates.keys()].sort(),
};
