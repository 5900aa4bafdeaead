import type { TemplateSource } from './template-source.js';

/** Templates of several sources; the first source that has a name wins. */
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

/** Loads each template only once, so that all uses within one course see the same version. */
export function remembered(source: TemplateSource): TemplateSource {
  const loaded = new Map<string, ReturnType<TemplateSource['load']>>();
  return {
    names: () => source.names(),
    load(name) {
      const loading = loaded.get(name) ?? source.load(name);
      loaded.set(name, loading);
      return loading;
    },
  };
}
