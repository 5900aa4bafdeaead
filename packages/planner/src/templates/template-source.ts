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

/**
 * The built-in templates, and before them those of a folder of the user. A file there stays as it is when the toolkit
 * is upgraded. The built-in ones are strings in the code, so that they are present in whatever bundle the code is in.
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
