import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` in a transaction that may write, and rolls it back if it throws. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite ends a transaction by itself after some failures (a full disk); then there is nothing to roll back.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
