import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadSqlite } from './load-sqlite.js';

const LOOK_EVERY_MS = 5;
/** About 5 s of them: a process that takes longer has stopped, and the cache is better off without its file. */
const MAX_LOOKS = 1000;
/** SQLite's own number for what another holds. */
const BUSY = 5;

/**
 * Runs an action while no other process of this machine runs one under the same name. The lock is one of the operating system, which SQLite
 * takes on an empty file that stays: it goes with the process that holds it, so that nobody has to find out whether a holder is dead, and
 * to break the lock in the same moment as others. Rejects when it is not to be had within 5 s.
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

function isTaken(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN IMMEDIATE');
    return true;
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== BUSY) throw error;
    return false;
  }
}
