type Sqlite = typeof import('node:sqlite');

let loaded: Sqlite | undefined;

/**
 * Loads `node:sqlite` on first use. Before Node 25, loading it warns that it is experimental, which is no news to users of a cache: that
 * one warning is suppressed during the (synchronous) load.
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
