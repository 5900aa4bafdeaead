import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { entryOf } from '../entry-of.js';
import { addTo, type Counters, counterNames, counterSql, emptyCounters } from './counters.js';
import { dimensions } from './dimensions.js';
import type { Histogram } from './histogram.js';
import { addEncoded } from './histogram-bytes.js';
import type { ReportGroup } from './ledger-contract.js';
import { dayMs, hourMs, minuteMs, startOf } from './spans.js';

/** Group name → sums; `''` for calls that did not give one. */
export type CountersByName = Map<string, Counters>;

export interface ReportReader {
  report(since: number | undefined, by: ReportGroup | undefined): CountersByName;
}

const hourSql = "strftime('%Y-%m-%dT%H:00:00Z', @time / 1000, 'unixepoch')";
const daySql = "strftime('%Y-%m-%d', @time / 1000, 'unixepoch')";

/**
 * For each group, the dimension of its sums and the SQL for its name in `sums` and in `calls`; `@time` stands for the column of the start.
 */
const sources: Readonly<
  Record<
    ReportGroup | 'all',
    { readonly ofSums: string; readonly ofCalls: string; readonly dimension: number }
  >
> = {
  all: { dimension: dimensions.all, ofSums: 'name', ofCalls: "''" },
  provider: { dimension: dimensions.provider, ofSums: 'name', ofCalls: 'provider' },
  model: { dimension: dimensions.model, ofSums: 'name', ofCalls: 'model' },
  tenant: { dimension: dimensions.tenant, ofSums: 'name', ofCalls: 'tenant' },
  project: { dimension: dimensions.project, ofSums: 'name', ofCalls: 'project' },
  stage: { dimension: dimensions.stage, ofSums: 'name', ofCalls: 'stage' },
  key: { dimension: dimensions.key, ofSums: 'name', ofCalls: 'gateway_key' },
  day: { dimension: dimensions.all, ofSums: daySql, ofCalls: daySql },
  hour: { dimension: dimensions.all, ofSums: hourSql, ofCalls: hourSql },
};

// TOTAL instead of SUM: always a float, so neither an overflow nor an integer beyond JavaScript's can occur.
const storedSums = counterNames.map((name) => `TOTAL(${name}) AS ${name}`).join(', ');
const callSums = counterNames.map((name) => `TOTAL(${counterSql[name]}) AS ${name}`).join(', ');

export function createReportReader(database: DatabaseSync): ReportReader {
  /** Adds the sums of the spans of one length that begin in [from, to). */
  function fromSums(
    into: CountersByName,
    span: number,
    from: number,
    to: number,
    by: ReportGroup | 'all',
  ): void {
    if (from >= to) return;
    const { dimension, ofSums } = sources[by];
    const name = ofSums.replace('@time', 'at');
    const where = 'FROM sums WHERE span = ? AND dimension = ? AND at >= ? AND at < ?';
    const added = `SELECT ${name} AS named, ${storedSums} ${where} GROUP BY named`;
    for (const row of database.prepare(added).iterate(span, dimension, from, to)) addSums(into, row);
    const histograms = `SELECT ${name} AS named, latency, first_byte ${where}`;
    for (const row of database.prepare(histograms).iterate(span, dimension, from, to)) {
      const { latency, firstByte } = entryOf(into, String(row.named), emptyCounters);
      addHistogram(latency, row.latency);
      addHistogram(firstByte, row.first_byte);
    }
  }

  function fromCalls(into: CountersByName, from: number, to: number, by: ReportGroup | 'all'): void {
    const name = sources[by].ofCalls.replace('@time', 'started_at');
    const source = 'calls JOIN facets ON facets.id = facet JOIN series ON series.id = series';
    const where = 'WHERE started_at >= ? AND started_at < ?';
    const sums = `SELECT ${name} AS named, ${callSums} FROM ${source} ${where} GROUP BY named`;
    for (const row of database.prepare(sums).iterate(from, to)) addSums(into, row);
    for (const [histogram, column] of [
      ['latency', 'duration_bucket'],
      ['firstByte', 'first_byte_bucket'],
    ] as const) {
      const buckets = `SELECT ${name} AS named, ${column} AS bucket, COUNT(*) AS count
        FROM ${source} ${where} AND ${column} IS NOT NULL GROUP BY named, bucket`;
      for (const row of database.prepare(buckets).iterate(from, to)) {
        const counters = entryOf(into, String(row.named), emptyCounters);
        addTo(counters[histogram], Number(row.bucket), Number(row.count));
      }
    }
  }

  /** The start of the oldest span of this length that has sums, epoch ms; infinite if there is none. */
  function oldest(span: number): number {
    const at = database
      .prepare(`SELECT MIN(at) AS at FROM sums WHERE span = ? AND dimension = ${dimensions.all}`)
      .get(span)?.at;
    return typeof at === 'number' ? at : Number.POSITIVE_INFINITY;
  }

  /** Whether every call of a minute has its row: in busy minutes, and long ago, some may not. */
  function hasAllRows(minute: number): boolean {
    const summed = database
      .prepare(`SELECT calls FROM sums WHERE span = ? AND dimension = ${dimensions.all} AND at = ?`)
      .get(minuteMs, minute)?.calls;
    const rows = database
      .prepare('SELECT COUNT(*) AS calls FROM calls WHERE started_at >= ? AND started_at < ?')
      .get(minute, minute + minuteMs)?.calls;
    return Number(summed ?? 0) === Number(rows);
  }

  /**
   * Whole days are read from sums per day, the rest of the first day from sums per hour, the rest of its first hour from sums per minute,
   * and the rest of the first minute from single rows. Where the finer ones are gone, the whole minute or hour counts.
   */
  function read(since: number, by: ReportGroup | 'all'): CountersByName {
    const sums: CountersByName = new Map();
    let hour = startOf(hourMs, Math.max(since, oldest(hourMs)));
    if (since > hour && since >= oldest(minuteMs)) {
      let minute = startOf(minuteMs, since);
      if (minute !== since && hasAllRows(minute)) {
        minute += minuteMs;
        fromCalls(sums, since, minute, by);
      }
      hour += hourMs;
      fromSums(sums, minuteMs, minute, hour, by);
    }
    const endless = Number.MAX_SAFE_INTEGER;
    // The next start of a day. Groups by hour have no use for days.
    const day = by === 'hour' ? endless : startOf(dayMs, hour + dayMs - 1);
    fromSums(sums, hourMs, hour, day, by);
    fromSums(sums, dayMs, day, endless, by);
    return sums;
  }

  return {
    report(since, by) {
      // One snapshot for all queries, whatever other processes write meanwhile.
      database.exec('BEGIN');
      try {
        return read(since ?? 0, by ?? 'all');
      } finally {
        if (database.isTransaction) database.exec('COMMIT');
      }
    },
  };
}

function addSums(into: CountersByName, row: Record<string, SQLOutputValue>): void {
  const { sums } = entryOf(into, String(row.named), emptyCounters);
  for (const name of counterNames) sums[name] += Number(row[name]);
}

function addHistogram(into: Histogram, stored: SQLOutputValue | undefined): void {
  if (stored instanceof Uint8Array) addEncoded(into, stored);
}
