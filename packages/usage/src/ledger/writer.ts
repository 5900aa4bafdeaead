import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { LedgerCall } from '../accounting.js';
import { entryOf } from '../entry-of.js';
import { addCounters, type Counters, countCall, counterNames, emptyCounters } from './counters.js';
import type { RowAllowance } from './row-allowance.js';
import { rowOf, seriesNamesOf, startedAtOf } from './rows.js';
import { hourMs, latencyKind, minuteMs, startOf } from './schema.js';
import { failureOf } from './sqlite.js';

export interface Writer {
  /** Writes the calls in one transaction; one that can never be written is left out. */
  write(calls: readonly LedgerCall[]): Written;
}

interface Written {
  /** Calls that are in the sums. */
  readonly calls: number;
  /** Those of them that have a row of their own. */
  readonly rows: number;
}

type Row = ReturnType<typeof rowOf>;

/** What is added up for one series and one span of time. */
interface Sum {
  /** Length of the span, ms. */
  readonly span: number;
  /** Its start, epoch ms. */
  readonly at: number;
  readonly series: number;
  readonly counters: Counters;
}

/** Hostile callers can invent series without end, so the memory of their ids is bounded. */
const maxRememberedSeries = 2000;

export function createWriter(database: DatabaseSync, rowsFor: RowAllowance): Writer {
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

  function insert(row: Row): void {
    if (insertCall === undefined) {
      const columns = Object.keys(row);
      insertCall = database.prepare(
        `INSERT INTO calls (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      );
    }
    // By place: to look up 34 names costs four times as much as the row itself.
    insertCall.run(...Object.values(row));
  }

  function seriesOf(call: LedgerCall): number {
    const series = seriesNamesOf(call);
    const name = series.join('\n');
    let id = seriesIds.get(name);
    if (id === undefined) {
      id = Number(insertSeries.get(...series)?.id);
      if (seriesIds.size >= maxRememberedSeries) seriesIds.clear();
      seriesIds.set(name, id);
    }
    return id;
  }

  function writeAll(calls: readonly LedgerCall[]): Written {
    const minutes = new Map<string, Sum>();
    let counted = 0;
    let rows = 0;
    for (const call of calls) {
      try {
        if (rowsFor.admits(call)) {
          insert(rowOf(call));
          rows += 1;
        }
        const at = startOf(minuteMs, startedAtOf(call));
        countCall(sumAt(minutes, minuteMs, at, seriesOf(call)), call);
        counted += 1;
      } catch (error) {
        if (!isBadRow(error)) throw error;
      }
    }
    const hours = new Map<string, Sum>();
    for (const { at, series, counters } of minutes.values())
      addCounters(sumAt(hours, hourMs, startOf(hourMs, at), series), counters);
    for (const sum of [...minutes.values(), ...hours.values()]) addSum(sum);
    return { calls: counted, rows };
  }

  function addSum({ span, at, series, counters }: Sum): void {
    addRollup.run(span, at, series, ...counterNames.map((name) => counters.sums[name]));
    for (const [bucket, count] of counters.latency)
      addLatency.run(span, at, series, latencyKind.total, bucket, count);
    for (const [bucket, count] of counters.firstByte)
      addLatency.run(span, at, series, latencyKind.firstByte, bucket, count);
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

function sumAt(sums: Map<string, Sum>, span: number, at: number, series: number): Counters {
  const create = (): Sum => ({ span, at, series, counters: emptyCounters() });
  return entryOf(sums, `${at} ${series}`, create).counters;
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
