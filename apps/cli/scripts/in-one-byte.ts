import type { Plugin } from 'rolldown';

/**
 * Writes characters beyond ASCII as escapes: with a single one of them, Node keeps the whole file in memory at two bytes a character,
 * and is slower to read it.
 */
export function inOneByte(): Plugin {
  return {
    name: 'in-one-byte',
    generateBundle(_options, bundle) {
      for (const output of Object.values(bundle)) {
        if (output.type !== 'chunk') continue;
        output.code = output.code.replace(
          /[^\0-\x7f]/g,
          (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
        );
      }
    },
  };
}
