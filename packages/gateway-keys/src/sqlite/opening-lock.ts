import { closeSync, existsSync, openSync } from 'node:fs';
import { loadSqlite } from './load-sqlite.js';

/**
 * Runs `work` while no other process opens the file at `path`. SQLite waits for locks, but not while it puts a new file into WAL mode: if
 * several processes do so at once, all but one are told that the file is locked. The lock is the operating system's, on an empty file that
 * stays; it is released when the process ends.
 */
export function aloneOpening<T>(path: string, timeoutMs: number, work: () => T): T {
  const file = `${path}.opening.lock`;
  makePrivate(file);
  const lock = new (loadSqlite().DatabaseSync)(file);
  try {
    lock.exec(`PRAGMA busy_timeout = ${timeoutMs}; BEGIN IMMEDIATE`);
    return work();
  } finally {
    lock.close();
  }
}

/** Creates an empty file if there is none, so that at no time anyone else can read it; SQLite gives its side files the same mode. */
export function makePrivate(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600));
}
