import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LedgerCall } from '../accounting.js';
import { entryOf } from '../entry-of.js';
import { type Counters, countCall, counterNames, emptyCounters } from './counters.js';
import { rowOf } from './rows.js';
import { hourMs, latencyKind } from './schema.js';
import { failureOf } from './sqlite.js';

export interface Writer {
  /** Writes the calls in one transaction and returns how many; a row that can never be written is left out. */
  write(calls: readonly LedgerCall[]): number;
}

/** Hostile callers can invent series without end, so the memory of their ids is bounded. */
const maxRememberedSeries = 2000;

export function createWriter(database: DatabaseSync): Writer {
  let insertCall: StatementSync | undefined;
  const insertSeries = database.prepare(
    `INSERT INTO series (provider, model, tenant, project, stage) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET provider = excluded.provider RETURNING id`,
  );
  const addRollup = database.prepare(
    `INSERT INTO rollups (hour, series, ${counterNames.join(', ')})
     VALUES (?, ?, ${counterNames.map(() => '?').join(', ')})
     ON CONFLICT DO UPDATE SET ${counterNames.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`,
  );
  const addLatency = database.prepare(
    `INSERT INTO latencies (hour, series, kind, bucket, count) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count`,
  );
  const seriesIds = new Map<string, number>();

  function insert(row: ReturnType<typeof rowOf>): void {
    if (insertCall === undefined) {
      const columns = Object.keys(row);
      const places = columns.map((column) => `:${column}`);
      insertCall = database.prepare(
        `INSERT INTO calls (${columns.join(', ')}) VALUES (${places.join(', ')})`,
      );
    }
    insertCall.run(row);
  }

  function seriesOf(row: ReturnType<typeof rowOf>): number {
    const { provider = '', model = '', tenant = '', project = '', stage = '' } = row;
    const name = JSON.stringify([provider, model, tenant, project, stage]);
    let id = seriesIds.get(name);
    if (id === undefined) {
      id = Number(insertSeries.get(provider, model, tenant, project, stage)?.id);
      if (seriesIds.size >= maxRememberedSeries) seriesIds.clear();
      seriesIds.set(name, id);
    }
    return id;
  }

  function writeAll(calls: readonly LedgerCall[]): number {
    const sums = new Map<number, Map<number, Counters>>();
    let written = 0;
    for (const call of calls) {
      try {
        const row = rowOf(call);
        insert(row);
        const hour = hourOf(Number(row.started_at));
        const ofHour = entryOf(sums, hour, () => new Map<number, Counters>());
        countCall(entryOf(ofHour, seriesOf(row), emptyCounters), call);
        written += 1;
      } catch (error) {
        if (!isBadRow(error)) throw error;
      }
    }
    for (const [hour, bySeries] of sums) {
      for (const [series, counters] of bySeries) {
        addRollup.run(hour, series, ...counterNames.map((name) => counters.sums[name]));
        for (const [bucket, count] of counters.latency) {
          addLatency.run(hour, series, latencyKind.total, bucket, count);
        }
        for (const [bucket, count] of counters.firstByte) {
          addLatency.run(hour, series, latencyKind.firstByte, bucket, count);
        }
      }
    }
    return written;
  }

  return {
    write(calls) {
      database.exec('BEGIN IMMEDIATE');
      try {
        const written = writeAll(calls);
        database.exec('COMMIT');
        return written;
      } catch (error) {
        // Ids given out in a transaction that is undone may be given to other series later.
        seriesIds.clear();
        rollback(database);
        throw error;
      }
    },
  };
}

export function hourOf(epochMs: number): number {
  return Math.floor(epochMs / hourMs) * hourMs;
}

/** SQLite ends a transaction by itself after some failures (a full disk); then there is nothing to roll back. */
function rollback(database: DatabaseSync): void {
  if (database.isTransaction) database.exec('ROLLBACK');
}

/** A value of the wrong type or size: the row's fault, and trying it again would hold up all others. */
function isBadRow(error: unknown): boolean {
  if (error instanceof TypeError) return true;
  return failureOf(error) === 'bad-row';
}
