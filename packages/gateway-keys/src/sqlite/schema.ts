import type { DatabaseSync } from 'node:sqlite';
import { KeysError } from '../errors.js';

/**
 * Step n migrates from version n to n + 1. A released step is never edited.
 *
 * `keys.revision` grows with every change of a key, so that a reader can ask for what is new only. `allowances` is what a process has set
 * aside of a budget: together with `spending` it is everything that is taken of it.
 */
const steps: readonly string[] = [
  `
  CREATE TABLE keys (
    id TEXT PRIMARY KEY, revision INTEGER NOT NULL UNIQUE, digest BLOB NOT NULL UNIQUE, name TEXT NOT NULL,
    settings TEXT NOT NULL, created_at INTEGER NOT NULL, last_used_at INTEGER, revoked_at INTEGER
  ) STRICT;
  CREATE TABLE spending (
    key TEXT NOT NULL, period TEXT NOT NULL, usd REAL NOT NULL, PRIMARY KEY (key, period)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE allowances (
    key TEXT NOT NULL, period TEXT NOT NULL, owner TEXT NOT NULL, usd REAL NOT NULL, PRIMARY KEY (key, period, owner)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** Migrates a database to this version. Safe if several processes do so at once. */
export function migrate(database: DatabaseSync): void {
  if (versionOf(database) === steps.length) return;
  transaction(database, () => {
    const version = versionOf(database);
    if (version > steps.length) throw newer(version);
    for (const step of steps.slice(version)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps.length}`);
  });
}

/** Runs `work` in a transaction that holds the write lock. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk has already ended the transaction.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}

function newer(version: number): KeysError {
  return new KeysError(
    'KEYS_NEWER',
    `The file of the keys has version ${version}, and this knows ${steps.length}.`,
    {
      hint: 'Update AI Toolkit, or give the older one a folder of its own (AI_TOOLKIT_HOME).',
    },
  );
}
