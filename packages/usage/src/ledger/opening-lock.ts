import { loadSqlite } from './sqlite.js';

/**
 * Runs `work` while no other process opens the ledger at `path`, or moves it aside. SQLite waits for locks, but not while it puts a new
 * file into WAL mode: if several processes do so at once, all but one are told that the file is locked. And opening a file while it is
 * being moved would pair the rows of one file with the log of another. The lock is the operating system's, on an empty file that stays; it
 * is released when the process ends.
 */
export function aloneOpening<T>(path: string, timeoutMs: number, work: () => T): T {
  const lock = new (loadSqlite().DatabaseSync)(`${path}.opening.lock`);
  try {
    lock.exec(`PRAGMA busy_timeout = ${timeoutMs}; BEGIN IMMEDIATE`);
    return work();
  } finally {
    lock.close();
  }
}
