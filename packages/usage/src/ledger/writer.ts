import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LedgerCall } from '../accounting.js';
import { entryOf } from '../entry-of.js';
import { type Counters, countCall, counterNames, emptyCounters } from './counters.js';
import { rowOf } from './rows.js';
import { hourMs, latencyKind, minuteMs, startOf } from './schema.js';
import { failureOf } from './sqlite.js';

export interface Writer {
  /** Writes the calls in one transaction and returns how many; a row that can never be written is left out. */
  write(calls: readonly LedgerCall[]): number;
}

/** Where a sum belongs: length of its span, start of it, id of its series. */
type Place = readonly [spanMs: number, at: number, series: number];

/** Hostile callers can invent series without end, so the memory of their ids is bounded. */
const maxRememberedSeries = 2000;

export function createWriter(database: DatabaseSync): Writer {
  let insertCall: StatementSync | undefined;
  const insertSeries = database.prepare(
    `INSERT INTO series (provider, model, tenant, project, stage) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET provider = excluded.provider RETURNING id`,
  );
  const addRollup = database.prepare(
    `INSERT INTO rollups (span, at, series, ${counterNames.join(', ')})
     VALUES (?, ?, ?, ${counterNames.map(() => '?').join(', ')})
     ON CONFLICT DO UPDATE SET ${counterNames.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`,
  );
  const addLatency = database.prepare(
    `INSERT INTO latencies (span, at, series, kind, bucket, count) VALUES (?, ?, ?, ?, ?, ?)
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
    const sums = new Map<string, { readonly place: Place; readonly counters: Counters }>();
    let written = 0;
    for (const call of calls) {
      try {
        const row = rowOf(call);
        insert(row);
        const series = seriesOf(row);
        for (const span of [minuteMs, hourMs]) {
          const place: Place = [span, startOf(span, Number(row.started_at)), series];
          const create = () => ({ place, counters: emptyCounters() });
          countCall(entryOf(sums, place.join(), create).counters, call);
        }
        written += 1;
      } catch (error) {
        if (!isBadRow(error)) throw error;
      }
    }
    for (const { place, counters } of sums.values()) {
      addRollup.run(...place, ...counterNames.map((name) => counters.sums[name]));
      for (const [bucket, count] of counters.latency) {
        addLatency.run(...place, latencyKind.total, bucket, count);
      }
      for (const [bucket, count] of counters.firstByte) {
        addLatency.run(...place, latencyKind.firstByte, bucket, count);
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

/** SQLite ends a transaction by itself after some failures (a full disk); then there is nothing to roll back. */
function rollback(database: DatabaseSync): void {
  if (database.isTransaction) database.exec('ROLLBACK');
}

/** A value of the wrong type or size: the row's fault, and trying it again would hold up all others. */
function isBadRow(error: unknown): boolean {
  if (error instanceof TypeError) return true;
  return failureOf(error) === 'bad-row';
}
