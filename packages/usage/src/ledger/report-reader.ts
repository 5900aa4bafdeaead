import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { entryOf } from '../entry-of.js';
import { addTo, type Counters, counterNames, counterSql, emptyCounters } from './counters.js';
import type { Histogram } from './histogram.js';
import { addEncoded } from './histogram-bytes.js';
import type { ReportGroup } from './ledger-contract.js';
import { dayMs, hourMs, minuteMs, startOf } from './spans.js';

/** Group name → sums; `''` is the name of calls that did not give one. */
export type CountersByName = Map<string, Counters>;

export interface ReportReader {
  report(since: number | undefined, by: ReportGroup | undefined): CountersByName;
}

/** The SQL name of a call's group; `@time` stands for the column with its time. */
const groupSql: Readonly<Record<ReportGroup, string>> = {
  model: 'model',
  provider: 'provider',
  project: 'project',
  stage: 'stage',
  tenant: 'tenant',
  key: 'gateway_key',
  day: "strftime('%Y-%m-%d', @time / 1000, 'unixepoch')",
  hour: "strftime('%Y-%m-%dT%H:00:00Z', @time / 1000, 'unixepoch')",
};

// TOTAL instead of SUM: always a float, so neither an overflow nor an integer beyond JavaScript's can occur.
const rollupSums = counterNames.map((name) => `TOTAL(${name}) AS ${name}`).join(', ');
const callSums = counterNames.map((name) => `TOTAL(${counterSql[name]}) AS ${name}`).join(', ');

export function createReportReader(database: DatabaseSync): ReportReader {
  /** Adds the sums of the spans of one length that begin in [from, to). */
  function fromRollups(
    into: CountersByName,
    span: number,
    from: number,
    to: number,
    by: ReportGroup | undefined,
  ): void {
    if (from >= to) return;
    const isOfTime = by === undefined || by === 'day' || by === 'hour';
    const name = by === undefined ? "''" : groupSql[by].replace('@time', 'at');
    // What does not ask for series reads the one that is all of them.
    const source = isOfTime ? 'rollups' : 'rollups JOIN series ON id = series';
    const where = `span = ? AND at >= ? AND at < ?${isOfTime ? ' AND series = 0' : ''}`;
    const sums = `SELECT ${name} AS name, ${rollupSums} FROM ${source} WHERE ${where} GROUP BY name`;
    for (const row of database.prepare(sums).iterate(span, from, to)) addSums(into, row);
    const histograms = `SELECT ${name} AS name, latency, first_byte FROM ${source} WHERE ${where}`;
    for (const row of database.prepare(histograms).iterate(span, from, to)) {
      const { latency, firstByte } = entryOf(into, String(row.name), emptyCounters);
      addHistogram(latency, row.latency);
      addHistogram(firstByte, row.first_byte);
    }
  }

  function fromCalls(into: CountersByName, from: number, to: number, by: ReportGroup | undefined): void {
    const name = by === undefined ? "''" : groupSql[by].replace('@time', 'started_at');
    const source = 'calls JOIN facets ON facets.id = facet JOIN series ON series.id = series';
    const where = 'WHERE started_at >= ? AND started_at < ?';
    const sums = `SELECT ${name} AS name, ${callSums} FROM ${source} ${where} GROUP BY name`;
    for (const row of database.prepare(sums).iterate(from, to)) addSums(into, row);
    for (const [histogram, column] of [
      ['latency', 'duration_bucket'],
      ['firstByte', 'first_byte_bucket'],
    ] as const) {
      const buckets = `SELECT ${name} AS name, ${column} AS bucket, COUNT(*) AS count
        FROM ${source} ${where} AND ${column} IS NOT NULL GROUP BY name, bucket`;
      for (const row of database.prepare(buckets).iterate(from, to)) {
        const counters = entryOf(into, String(row.name), emptyCounters);
        addTo(counters[histogram], Number(row.bucket), Number(row.count));
      }
    }
  }

  /** The first start of a span of this length that has sums, epoch ms; infinite when there is none. */
  function oldest(span: number): number {
    const at = database.prepare('SELECT MIN(at) AS at FROM rollups WHERE span = ?').get(span)?.at;
    return typeof at === 'number' ? at : Number.POSITIVE_INFINITY;
  }

  /** Whether each call of a minute has its row: those of busy minutes and of long ago may not. */
  function hasAllRows(minute: number): boolean {
    const summed = database
      .prepare('SELECT calls FROM rollups WHERE span = ? AND at = ? AND series = 0')
      .get(minuteMs, minute)?.calls;
    const rows = database
      .prepare('SELECT COUNT(*) AS calls FROM calls WHERE started_at >= ? AND started_at < ?')
      .get(minute, minute + minuteMs)?.calls;
    return Number(summed ?? 0) === Number(rows);
  }

  /**
   * Whole days are read from sums per day, the rest of the day at the start from sums per hour, that of the hour from sums per minute,
   * and that of the minute from single rows. Where the finer ones are gone, the whole minute or hour counts.
   */
  function read(since: number, by: ReportGroup | undefined): CountersByName {
    const sums: CountersByName = new Map();
    let hour = startOf(hourMs, Math.max(since, oldest(hourMs)));
    if (since > hour && since >= oldest(minuteMs)) {
      let minute = startOf(minuteMs, since);
      if (minute !== since && hasAllRows(minute)) {
        minute += minuteMs;
        fromCalls(sums, since, minute, by);
      }
      hour += hourMs;
      fromRollups(sums, minuteMs, minute, hour, by);
    }
    const endless = Number.MAX_SAFE_INTEGER;
    // The next start of a day. What is split by the hour has no use for days.
    const day = by === 'hour' ? endless : startOf(dayMs, hour + dayMs - 1);
    fromRollups(sums, hourMs, hour, day, by);
    fromRollups(sums, dayMs, day, endless, by);
    return sums;
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
  };
}

function addSums(into: CountersByName, row: Record<string, SQLOutputValue>): void {
  const { sums } = entryOf(into, String(row.name), emptyCounters);
  for (const name of counterNames) sums[name] += Number(row[name]);
}

function addHistogram(into: Histogram, stored: SQLOutputValue | undefined): void {
  if (stored instanceof Uint8Array) addEncoded(into, stored);
}
