import type { TemplateSource } from './template-source.js';

/** Templates of several sources; of one name, the one of the first source that has it. */
export function layered(...sources: readonly TemplateSource[]): TemplateSource {
  return {
    async load(name) {
      for (const source of sources) {
        const template = await source.load(name);
        if (template !== undefined) return template;
      }
      return undefined;
    },
    async names() {
      const all = await Promise.all(sources.map((source) => source.names()));
      return [...new Set(all.flat())].sort();
    },
  };
}
