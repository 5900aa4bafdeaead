import { loadSqlite } from './sqlite.js';

/**
 * Runs `work` while no other process opens the ledger at `path`, or moves it aside. SQLite waits for locks, but not as it puts a new file
 * into WAL mode: of several that do so at once it tells all but one that the file is locked. And who opens a file as it is moved finds the
 * rows of one and the log of another. The lock is the operating system's, on an empty file that stays: it goes with the process.
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
