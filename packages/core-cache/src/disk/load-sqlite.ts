type Sqlite = typeof import('node:sqlite');

let loaded: Sqlite | undefined;

/**
 * Loads `node:sqlite` when it is first needed. Before Node 25 it warns on load that it is experimental, which is no news for who
 * uses a cache: this one warning is held back while the (synchronous) load lasts.
 */
export function loadSqlite(): Sqlite {
  if (loaded !== undefined) return loaded;
  const warn = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    const text = warning instanceof Error ? warning.message : warning;
    if (!text.startsWith('SQLite is an experimental')) warn.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    loaded = process.getBuiltinModule('node:sqlite');
    return loaded;
  } finally {
    process.emitWarning = warn;
  }
}
