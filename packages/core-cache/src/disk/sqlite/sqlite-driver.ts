import type { DatabaseSync } from 'node:sqlite';
import type { DiskDriver, DiskTrees } from '../disk-driver.js';

/** An open SQLite file. */
export class SqliteDriver implements DiskDriver {
  readonly trees: DiskTrees;
  readonly damage: string | undefined;
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync, trees: DiskTrees, damage: string | undefined) {
    this.#database = database;
    this.trees = trees;
    this.damage = damage;
  }

  async beforeCommit(): Promise<void> {}

  transaction<T>(action: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = action();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // Some failures have ended the transaction already.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  afterCommit(): void {}

  /** Every read sees what is committed. */
  refresh(): void {}

  async sync(): Promise<void> {
    this.#database.exec('PRAGMA wal_checkpoint(FULL)');
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}
