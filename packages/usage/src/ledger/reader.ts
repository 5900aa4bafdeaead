import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { LedgerCall } from '../accounting.js';
import { entryOf } from '../entry-of.js';
import { addTo, type Counters, counterNames, counterSql, emptyCounters } from './counters.js';
import type { CallsQuery, ReportGroup } from './ledger-contract.js';
import { callOf } from './rows.js';
import { hourMs, latencyKind, minuteMs, startOf } from './schema.js';

/** Group name → sums; `''` is the name of calls that did not give one. */
export type CountersByName = Map<string, Counters>;

interface Span {
  readonly lengthMs: number;
  readonly from: number;
  readonly to: number;
}

/** Among how many of the newest calls filtered ones are looked for. */
const searchedCalls = 100_000;

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
  function fromRollups(into: CountersByName, span: Span, by: ReportGroup | undefined): void {
    const name = by === undefined ? "''" : groupSql[by].replace('@time', 'at');
    const where = 'JOIN series ON id = series WHERE span = ? AND at >= ? AND at < ?';
    const values = [span.lengthMs, span.from, span.to];
    const sums = `SELECT ${name} AS name, ${rollupSums} FROM rollups ${where} GROUP BY name`;
    for (const row of database.prepare(sums).iterate(...values)) addSums(into, row);
    const latencies = `SELECT ${name} AS name, kind, bucket, TOTAL(count) AS count
      FROM latencies ${where} GROUP BY name, kind, bucket`;
    for (const row of database.prepare(latencies).iterate(...values)) addBucket(into, row);
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

  /** The first of an indexed column's values, epoch ms; infinite when there is none. */
  function oldest(sql: string): number {
    const at = database.prepare(sql).get()?.at;
    return typeof at === 'number' ? at : Number.POSITIVE_INFINITY;
  }

  /** Whether each call of a minute has its row: those of busy minutes and of long ago may not. */
  function hasAllRows(minute: number): boolean {
    const summed = database
      .prepare('SELECT TOTAL(calls) AS calls FROM rollups WHERE span = ? AND at = ?')
      .get(minuteMs, minute)?.calls;
    const rows = database
      .prepare('SELECT COUNT(*) AS calls FROM calls WHERE started_at >= ? AND started_at < ?')
      .get(minute, minute + minuteMs)?.calls;
    return Number(summed) === Number(rows);
  }

  /**
   * Whole hours are read from sums per hour, the hour at the start from sums per minute and the minute at the start
   * from single rows. Where the finer ones are gone, the whole minute or hour counts.
   */
  function read(since: number, by: ReportGroup | undefined): CountersByName {
    const sums: CountersByName = new Map();
    const hour = startOf(hourMs, since);
    const endless = Number.MAX_SAFE_INTEGER;
    if (hour === since || since < oldest(`SELECT MIN(at) AS at FROM rollups WHERE span = ${minuteMs}`)) {
      fromRollups(sums, { lengthMs: hourMs, from: hour, to: endless }, by);
      return sums;
    }
    let minute = startOf(minuteMs, since);
    if (minute !== since && hasAllRows(minute)) {
      minute += minuteMs;
      fromCalls(sums, since, minute, by);
    }
    fromRollups(sums, { lengthMs: minuteMs, from: minute, to: hour + hourMs }, by);
    fromRollups(sums, { lengthMs: hourMs, from: hour + hourMs, to: endless }, by);
    return sums;
  }

  /** Where the search for rare rows ends: it must not read a million rows to find none. */
  function searchStart(before: CallsQuery['before']): number {
    const sql = `SELECT started_at AS at FROM calls WHERE started_at <= ?
      ORDER BY started_at DESC LIMIT 1 OFFSET ${searchedCalls}`;
    const at = database.prepare(sql).get(before?.startedAt ?? Number.MAX_SAFE_INTEGER)?.at;
    return typeof at === 'number' ? at : 0;
  }

  return {
    report(since, by) {
      // One snapshot for all queries, whatever other processes write meanwhile.
      database.exec('BEGIN');
      try {
        return read(since ?? 0, by);
      } finally {
        if (database.isTransaction) database.exec('COMMIT');
      }
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
      if (where.length > (query.before === undefined ? 0 : 1)) {
        where.push('started_at >= ?');
        values.push(searchStart(query.before));
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
