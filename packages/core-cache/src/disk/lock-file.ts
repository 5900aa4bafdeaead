import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadSqlite } from './load-sqlite.js';

const LOOK_EVERY_MS = 5;
/** About 5 s in all: a process that takes longer has stalled, and the cache is better off without its file. */
const MAX_LOOKS = 1000;
/** `SQLITE_BUSY`: another connection holds the lock. */
const BUSY = 5;

/**
 * Runs an action while no other process on this machine runs one for the same path. SQLite takes an operating system lock on an empty file,
 * which is left in place. The system releases the lock when its holder dies, so nobody has to find out whether a holder is dead and break
 * its lock, in a race with others. Rejects if the lock cannot be taken within 5 s.
 */
export async function withLockFile<T>(path: string, action: () => Promise<T>): Promise<T> {
  const database = new (loadSqlite().DatabaseSync)(path);
  try {
    for (let looks = 0; !isTaken(database); looks += 1) {
      if (looks >= MAX_LOOKS) throw new Error(`Another process holds ${path}`);
      await sleep(LOOK_EVERY_MS);
    }
    return await action();
  } finally {
    database.close();
  }
}

/**
 * Serializes opening a cache file and moving it away across processes: the data of one file must not be paired with the locks or the journal
 * of another.
 */
export function whileOpening<T>(file: string, action: () => Promise<T>): Promise<T> {
  return withLockFile(`${file}.opening.lock`, action);
}

function isTaken(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== BUSY) throw error;
    return false;
  }
}
