import { statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DiskDriver, DiskTrees, DiskUsage } from '../disk-driver.js';
import type { PlacedFile } from '../set-aside.js';

/** `SQLITE_CORRUPT` and `SQLITE_NOTADB`. */
const DAMAGE: ReadonlySet<number> = new Set([11, 26]);

/** Whether an error of SQLite means that the file is damaged. */
export function isDamaged(error: unknown): boolean {
  const { errcode } = error as { errcode?: number };
  // The low byte is the primary result code.
  return errcode !== undefined && DAMAGE.has(errcode & 0xff);
}

export interface SqliteDriverOptions {
  readonly database: DatabaseSync;
  readonly file: string;
  readonly trees: DiskTrees;
  readonly damage: string | undefined;
  readonly place: PlacedFile;
}

/** An open SQLite file. */
export class SqliteDriver implements DiskDriver {
  readonly trees: DiskTrees;
  readonly damage: string | undefined;
  readonly #database: DatabaseSync;
  readonly #place: PlacedFile;
  readonly #pages: StatementSync;
  readonly #file: string;
  /** Largest size of the write-ahead log so far: after a large entry it is truncated, but it will grow as large with the next. */
  #journalBytes = 0;

  constructor(options: SqliteDriverOptions) {
    this.#database = options.database;
    this.#file = options.file;
    this.trees = options.trees;
    this.damage = options.damage;
    this.#place = options.place;
    this.#pages = options.database.prepare(
      'SELECT page_count, freelist_count, page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
    );
  }

  async beforeCommit(): Promise<void> {}

  transaction<T>(action: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = action();
      this.#database.exec('COMMIT');
      return result;
    } catch (error) {
      // Some failures have already ended the transaction.
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  afterCommit(): void {}

  usage(): DiskUsage {
    const { page_count, freelist_count, page_size } = this.#pages.get() as Record<string, number>;
    const [pages, free, size] = [page_count ?? 0, freelist_count ?? 0, page_size ?? 0];
    const journal = statSync(`${this.#file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    this.#journalBytes = Math.max(this.#journalBytes, journal);
    return {
      usedBytes: (pages - free) * size + this.#journalBytes,
      fileBytes: pages * size + this.#journalBytes,
    };
  }

  /** Nothing to do: every read sees all commits. */
  refresh(): void {}

  async sync(): Promise<void> {
    this.#database.exec('PRAGMA wal_checkpoint(FULL)');
  }

  isDamage(error: unknown): boolean {
    return isDamaged(error);
  }

  isInPlace(): boolean {
    return this.#place.isInPlace();
  }

  async condemn(): Promise<void> {
    await this.close().catch(() => {
      // The file is being discarded anyway.
    });
    await this.#place.setAside();
  }

  async close(): Promise<void> {
    this.#database.close();
  }
}
