import { renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type CallsReader, createCallsReader } from './calls-reader.js';
import { dimensions } from './dimensions.js';
import { createFacetPrune } from './facet-prune.js';
import { defineHistogramFunctions } from './histogram-functions.js';
import { makeFolder } from './make-folder.js';
import { aloneOpening } from './opening-lock.js';
import { createReportReader, type ReportReader } from './report-reader.js';
import type { RowAllowance } from './row-allowance.js';
import { migrate } from './schema.js';
import { sliceRows } from './slices.js';
import { dayMs, hourMs, minuteMs, startOf } from './spans.js';
import { loadSqlite } from './sqlite.js';
import { createWriter, type Writer } from './writer.js';

/** An open ledger file. Every method is synchronous and throws what SQLite throws. */
export interface Store extends Writer, ReportReader, CallsReader {
  /** Deletes up to `limit` calls beyond the bounds, and as many facets without calls; returns the larger number of the two. */
  prune(bounds: RetentionBounds, limit: number): number;
  /** Whether the path still leads to the file that was opened. */
  isCurrent(): boolean;
  waitForLocks(timeoutMs: number): void;
  close(): void;
}

interface RetentionBounds {
  readonly callsBefore: number;
  readonly maxCalls: number;
  readonly minutesBefore: number;
  readonly sumsBefore: number;
}

const inMemory = ':memory:';

/** Opens the ledger at `path` and migrates it to the current schema; creates missing folders. */
export function openStore(path: string, lockTimeoutMs: number, rowsFor: RowAllowance): Store {
  if (path === inMemory) return openAlone(path, lockTimeoutMs, rowsFor);
  makeFolder(dirname(path));
  return aloneOpening(path, lockTimeoutMs, () => openAlone(path, lockTimeoutMs, rowsFor));
}

function openAlone(path: string, lockTimeoutMs: number, rowsFor: RowAllowance): Store {
  const database = new (loadSqlite().DatabaseSync)(path);
  try {
    const waitForLocks = (timeoutMs: number): void => database.exec(`PRAGMA busy_timeout = ${timeoutMs}`);
    waitForLocks(lockTimeoutMs);
    // In WAL mode, `synchronous = NORMAL` cannot corrupt the file; a power cut may cost the last transactions.
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    defineHistogramFunctions(database);
    migrate(database);
    const inode = inodeOf(path);
    return {
      ...createWriter(database, rowsFor),
      ...createReportReader(database),
      ...createCallsReader(database),
      prune: createPrune(database),
      isCurrent: () => inodeOf(path) === inode,
      waitForLocks,
      close: () => database.close(),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function createPrune(database: DatabaseSync): Store['prune'] {
  const oldCalls = database.prepare(
    'DELETE FROM calls WHERE seq IN (SELECT seq FROM calls WHERE started_at < ? ORDER BY started_at LIMIT ?)',
  );
  const surplusCalls = database.prepare(
    `DELETE FROM calls WHERE seq IN (
       SELECT seq FROM calls WHERE seq <= (SELECT MAX(seq) FROM calls) - ? ORDER BY seq LIMIT ?)`,
  );
  const emptySlices = database.prepare(
    `DELETE FROM slices WHERE slice < (SELECT MIN(seq) FROM calls) / ${sliceRows}`,
  );
  const pruneFacets = createFacetPrune(database);
  const oldSums = database.prepare('DELETE FROM sums WHERE span = ? AND dimension = ? AND at < ?');
  return (bounds, limit) => {
    for (const dimension of Object.values(dimensions)) {
      oldSums.run(minuteMs, dimension, startOf(minuteMs, bounds.minutesBefore));
      oldSums.run(hourMs, dimension, startOf(hourMs, bounds.sumsBefore));
      // A day that has lost hours is reported from those that are left.
      oldSums.run(dayMs, dimension, startOf(hourMs, bounds.sumsBefore));
    }
    const old = Number(oldCalls.run(bounds.callsBefore, limit).changes);
    const surplus = Number(surplusCalls.run(bounds.maxCalls, limit - old).changes);
    emptySlices.run();
    return Math.max(old + surplus, pruneFacets(limit));
  };
}

/**
 * Moves a damaged ledger and its side files out of the way and returns where the ledger went; undefined if another process did so first.
 * `opened` distinguishes the file that was found damaged from one that has replaced it meanwhile.
 */
export function setAside(
  path: string,
  opened: number | undefined,
  now: number,
  lockTimeoutMs: number,
): string | undefined {
  if (opened === undefined) return undefined;
  return aloneOpening(path, lockTimeoutMs, () => {
    if (inodeOf(path) !== opened) return undefined;
    const aside = `${path}.damaged-${new Date(now).toISOString().replace(/[:.]/g, '-')}`;
    renameSync(path, aside);
    for (const suffix of ['-wal', '-shm']) {
      if (inodeOf(path + suffix) !== undefined) renameSync(path + suffix, aside + suffix);
    }
    return aside;
  });
}

/** Identity of the file at `path`; undefined if there is none (or the ledger is kept in memory). */
export function inodeOf(path: string): number | undefined {
  return path === inMemory ? undefined : statSync(path, { throwIfNoEntry: false })?.ino;
}
