import type { Plugin } from 'rolldown';

/**
 * Has chunks take Node's own modules by `process.getBuiltinModule` rather than by `import`, which looks at everything that a module
 * has, and with that loads half of Node: `node:http` brings its WebSocket, `node:crypto` the Web Cryptography API. Not in the entry,
 * which an older Node must be able to read, nor in what that Node runs.
 */
export function builtinsByCall(): Plugin {
  return {
    name: 'builtins-by-call',
    renderChunk(code, { isEntry, name }) {
      if (isEntry || name === 'relaunch') return null;
      return code.replaceAll(
        /^import (?:(?<whole>[\w$]+)|(?:(?<main>[\w$]+), )?\{ (?<names>[^}]+) \}|\* as (?<space>[\w$]+)) from "(?<module>node:[\w/]+)";$/gm,
        (_statement: string, ...rest: unknown[]) => {
          const { whole, main, names, space, module } = rest.at(-1) as Record<string, string | undefined>;
          const call = `process.getBuiltinModule("${module}")`;
          const single = whole ?? space ?? main;
          return [
            ...(single === undefined ? [] : [`const ${single} = ${call};`]),
            ...(names === undefined ? [] : [`const { ${names.replaceAll(' as ', ': ')} } = ${call};`]),
          ].join(' ');
        },
      );
    },
  };
}
