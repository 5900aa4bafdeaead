type Sqlite = typeof import('node:sqlite');

let loaded: Sqlite | undefined;

/**
 * Loads `node:sqlite` when a ledger is first used, not when this package is imported. Before Node 25, loading it warns that it is
 * experimental; a command line that prints one answer must not print that. Only this warning is suppressed, and only during the
 * (synchronous) load.
 */
export function loadSqlite(): Sqlite {
  if (loaded !== undefined) return loaded;
  const original = process.emitWarning;
  process.emitWarning = ((warning: string | Error, ...rest: never[]) => {
    const text = typeof warning === 'string' ? warning : warning.message;
    if (!text.startsWith('SQLite is an experimental feature')) original.call(process, warning, ...rest);
  }) as typeof process.emitWarning;
  try {
    loaded = process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = original;
  }
  return loaded;
}

/** Kinds of SQLite failures, by how they are handled. */
export type SqliteFailure = 'busy' | 'full' | 'damaged' | 'bad-row' | 'other';

// https://sqlite.org/rescode.html: the low byte of an extended code is the primary code.
const failures: Readonly<Record<number, SqliteFailure>> = {
  5: 'busy',
  6: 'busy',
  11: 'damaged',
  13: 'full',
  18: 'bad-row',
  19: 'bad-row',
  20: 'bad-row',
  25: 'bad-row',
  26: 'damaged',
};

export function failureOf(error: unknown): SqliteFailure {
  const code = (error as { errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? (failures[code & 0xff] ?? 'other') : 'other';
}
