import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { LedgerCall } from '../accounting.js';
import { entryOf } from '../entry-of.js';
import { addTo, type Counters, counterNames, counterSql, emptyCounters } from './counters.js';
import type { CallsQuery, ReportGroup } from './ledger-contract.js';
import { callOf } from './rows.js';
import { latencyKind } from './schema.js';
import { hourOf } from './writer.js';

/** Group name → sums; `''` is the name of calls that did not give one. */
export type CountersByName = Map<string, Counters>;

export interface Reader {
  report(since: number | undefined, by: ReportGroup | undefined): CountersByName;
  calls(query: CallsQuery & { readonly limit: number }): LedgerCall[];
}

/** The SQL name of a call's group; `@time` stands for the column with its time. */
const groupSql: Readonly<Record<ReportGroup, string>> = {
  model: 'model',
  provider: 'provider',
  project: 'project',
  stage: 'stage',
  tenant: 'tenant',
  day: "strftime('%Y-%m-%d', @time / 1000, 'unixepoch')",
  hour: "strftime('%Y-%m-%dT%H:00:00Z', @time / 1000, 'unixepoch')",
};

// TOTAL instead of SUM: always a float, so neither an overflow nor an integer beyond JavaScript's can occur.
const rollupSums = counterNames.map((name) => `TOTAL(${name}) AS ${name}`).join(', ');
const callSums = counterNames.map((name) => `TOTAL(${counterSql[name]}) AS ${name}`).join(', ');

export function createReader(database: DatabaseSync): Reader {
  function fromRollups(into: CountersByName, fromHour: number, by: ReportGroup | undefined): void {
    const name = by === undefined ? "''" : groupSql[by].replace('@time', 'hour');
    const sums = `SELECT ${name} AS name, ${rollupSums} FROM rollups JOIN series ON id = series
      WHERE hour >= ? GROUP BY name`;
    for (const row of database.prepare(sums).iterate(fromHour)) addSums(into, row);
    const latencies = `SELECT ${name} AS name, kind, bucket, TOTAL(count) AS count
      FROM latencies JOIN series ON id = series WHERE hour >= ? GROUP BY name, kind, bucket`;
    for (const row of database.prepare(latencies).iterate(fromHour)) addBucket(into, row);
  }

  function fromCalls(into: CountersByName, from: number, to: number, by: ReportGroup | undefined): void {
    const name = by === undefined ? "''" : groupSql[by].replace('@time', 'started_at');
    const where = 'WHERE started_at >= ? AND started_at < ?';
    const sums = `SELECT ${name} AS name, ${callSums} FROM calls ${where} GROUP BY name`;
    for (const row of database.prepare(sums).iterate(from, to)) addSums(into, row);
    for (const [kind, column] of [
      [latencyKind.total, 'duration_bucket'],
      [latencyKind.firstByte, 'first_byte_bucket'],
    ] as const) {
      const buckets = `SELECT ${name} AS name, ${kind} AS kind, ${column} AS bucket, TOTAL(1) AS count
        FROM calls ${where} AND ${column} IS NOT NULL GROUP BY name, bucket`;
      for (const row of database.prepare(buckets).iterate(from, to)) addBucket(into, row);
    }
  }

  /** Epoch of the oldest single row, ms; infinite when there is none. */
  function oldestCall(): number {
    const oldest = database.prepare('SELECT MIN(started_at) AS at FROM calls').get()?.at;
    return typeof oldest === 'number' ? oldest : Number.POSITIVE_INFINITY;
  }

  return {
    report(since, by) {
      const sums: CountersByName = new Map();
      const from = since ?? Number.MIN_SAFE_INTEGER;
      // Sums are kept by the hour. The part of an hour at the start is read from single rows while they are kept;
      // later the whole hour counts.
      const firstHour = hourOf(from);
      if (firstHour === from || from < oldestCall()) {
        fromRollups(sums, firstHour, by);
      } else {
        const nextHour = hourOf(from + 3_600_000);
        fromCalls(sums, from, nextHour, by);
        fromRollups(sums, nextHour, by);
      }
      return sums;
    },

    calls(query) {
      const where: string[] = [];
      const values: SQLInputValue[] = [];
      if (query.before !== undefined) {
        where.push('(started_at, request_id) < (?, ?)');
        values.push(query.before.startedAt, query.before.requestId);
      }
      for (const column of ['status', 'cache', 'provider', 'model', 'tenant'] as const) {
        const value = query[column];
        if (value === undefined) continue;
        where.push(`${column} = ?`);
        values.push(value);
      }
      const sql = `SELECT * FROM calls ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
        ORDER BY started_at DESC, request_id DESC LIMIT ?`;
      return database
        .prepare(sql)
        .all(...values, query.limit)
        .map(callOf);
    },
  };
}

function addSums(into: CountersByName, row: Record<string, SQLOutputValue>): void {
  const { sums } = entryOf(into, String(row.name), emptyCounters);
  for (const name of counterNames) sums[name] += Number(row[name]);
}

function addBucket(into: CountersByName, row: Record<string, SQLOutputValue>): void {
  const counters = entryOf(into, String(row.name), emptyCounters);
  const histogram = row.kind === latencyKind.total ? counters.latency : counters.firstByte;
  addTo(histogram, Number(row.bucket), Number(row.count));
}
