import type { Plugin } from 'rolldown';

/** Modules of Node that take milliseconds to load. Of the functions that a command has of one, it often calls none. */
const costly: readonly string[] = ['node:child_process', 'node:crypto', 'node:v8', 'node:zlib'];

const prefix = '\0by-call:';

/** What an older Node runs, to find a newer one. */
const forOldNode = 'relaunch';

/**
 * Has chunks take Node's own modules by `process.getBuiltinModule` rather than by `import`, which looks at everything that a module
 * has, and with that loads half of Node: `node:http` brings its WebSocket, `node:crypto` the Web Cryptography API. The functions of
 * costly modules load theirs when they are called. An older Node cannot read such a chunk, so that none of it may be in the entry,
 * nor in what that Node runs.
 */
export function builtinsByCall(): Plugin {
  return {
    name: 'builtins-by-call',
    resolveId: {
      order: 'pre',
      handler: (id, importer, { kind }) =>
        kind === 'import-statement' && costly.includes(id) && importer?.includes(forOldNode) === false
          ? `${prefix}${id}`
          : null,
    },
    load: (id) => (id.startsWith(prefix) ? functionsOf(id.slice(prefix.length)) : null),
    renderChunk(code, { isEntry, name }) {
      if (isEntry || name === forOldNode) return null;
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

/** A module with the functions of one of Node's. Whoever wants a class or a constant of it finds none, and so does the build. */
function functionsOf(id: string): string {
  const names = Object.entries(process.getBuiltinModule(id) as object).flatMap(([name, value]) =>
    typeof value === 'function' && /^[a-z]\w*$/.test(name) ? [name] : [],
  );
  return [
    `const load = () => process.getBuiltinModule("${id}");`,
    ...names.map((name) => `export const ${name} = (...args) => load().${name}(...args);`),
    `export default { ${names.join(', ')} };`,
  ].join('\n');
}
