import { fileURLToPath } from 'node:url';
import type { Plugin } from 'rolldown';

const binding = fileURLToPath(new URL('../src/lmdb-binding.ts', import.meta.url));

/** What LMDB imports, and what takes its place: its search for its binary, and of msgpackr what it uses. */
const replacements: Readonly<Record<string, string>> = {
  'node-gyp-build-optional-packages': '\0lmdb-binding',
  msgpackr: 'msgpackr/pack',
};

/**
 * Puts LMDB into the bundle, all but its binary: a command that finds its answer in the cache waits for each file that it is made of,
 * and longest for those that it has no use for.
 */
export function lmdbInOneFile(): Plugin {
  return {
    name: 'lmdb-in-one-file',
    resolveId: {
      order: 'pre',
      handler(id, importer) {
        const replacement = replacements[id];
        if (replacement === undefined || importer?.includes('/lmdb/') !== true) return null;
        return replacement.startsWith('\0') ? replacement : this.resolve(replacement, importer);
      },
    },
    load: (id) =>
      id === '\0lmdb-binding'
        ? `import { loadBinding } from ${JSON.stringify(binding)};\nexport default loadBinding;`
        : null,
  };
}
