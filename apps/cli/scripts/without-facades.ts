import type { OutputChunk, Plugin } from 'rolldown';

/** A chunk that only hands on, under their own names, some of what another one has. */
const facade =
  /^import\s*\{(?<taken>[^}]*)\}\s*from\s*"\.\/(?<source>[^"]+)";\s*export\s*\{(?<given>[^}]*)\};?\s*$/;

/**
 * Does away with chunks that only hand on what another one has: the bundler makes one for each `import()` of a module that was put
 * together with others, and each is a file that a command waits for. The `import()` then asks the other chunk, and gives the names.
 */
export function withoutFacades(): Plugin {
  return {
    name: 'without-facades',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output): output is OutputChunk => output.type === 'chunk');
      for (const { fileName, code } of chunks) {
        const { taken, source, given } = facade.exec(code)?.groups ?? {};
        if (taken === undefined || source === undefined || given === undefined) continue;
        const exported = new Map(renamings(taken).map(([name, local]) => [local, name]));
        const members = renamings(given).map(([local, name]) => `${name}:m.${exported.get(local)}`);
        const replacement = `import(\`./${source}\`).then(m=>({${members.join(',')}}))`;
        const statically = new RegExp(`from\\s*"\\./${RegExp.escape(fileName)}"`);
        if (chunks.some((chunk) => statically.test(chunk.code))) continue;
        const dynamically = new RegExp(`import\\(\\s*(["'\`])\\./${RegExp.escape(fileName)}\\1\\s*\\)`, 'g');
        for (const chunk of chunks) chunk.code = chunk.code.replace(dynamically, () => replacement);
        delete bundle[fileName];
      }
    },
  };
}

/** `a as b, c` as `[a, b]`, `[c, c]`. */
function renamings(list: string): (readonly [from: string, to: string])[] {
  return list
    .split(',')
    .map((part) => part.trim().split(/\s+as\s+/))
    .map(([from = '', to = from]) => [from, to]);
}
