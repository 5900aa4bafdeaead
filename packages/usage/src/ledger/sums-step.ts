import type { DatabaseSync } from 'node:sqlite';
import { dayMs, hourMs } from './spans.js';

/** The counters of the third schema. */
const counters = [
  ...[
    'calls',
    'hits',
    'stale',
    'semantic',
    'coalesced',
    'misses',
    'refreshes',
    'bypasses',
    'errors',
    'aborted',
  ],
  ...['billed_input', 'billed_output', 'replayed_input', 'replayed_output', 'saved_input', 'saved_output'],
  ...['billed_usd', 'saved_usd', 'unpriced_billed', 'unpriced_saved', 'time_saved_ms'],
];

/** SQL for the name in each dimension, by the dimension's number. */
const names = ["''", 'provider', 'model', 'tenant', 'project', 'stage', 'gateway_key'];

/**
 * From version 3 to 4: sums are kept per dimension instead of per series, and for days as well as for hours and minutes; histograms become
 * part of the sums, instead of a row for each of their buckets. Needs the functions of `defineHistogramFunctions`.
 */
export function sumsStep(database: DatabaseSync): void {
  const listed = counters.join(', ');
  const sums = counters.map((counter) => `TOTAL(${counter})`).join(', ');
  database.exec(`
    CREATE TABLE sums (
      span INTEGER NOT NULL, dimension INTEGER NOT NULL, at INTEGER NOT NULL, name TEXT NOT NULL,
      ${counters.map((counter) => `${counter} REAL NOT NULL`).join(', ')},
      latency BLOB NOT NULL, first_byte BLOB NOT NULL,
      PRIMARY KEY (span, dimension, at, name)
    ) STRICT, WITHOUT ROWID;
    ALTER TABLE rollups ADD COLUMN latency BLOB NOT NULL DEFAULT x'';
    ALTER TABLE rollups ADD COLUMN first_byte BLOB NOT NULL DEFAULT x'';
    UPDATE rollups SET latency = ${storedHistogram(0)}, first_byte = ${storedHistogram(1)}`);
  for (const [dimension, name] of names.entries())
    database.exec(`
      INSERT INTO sums (span, dimension, at, name, ${listed}, latency, first_byte)
        SELECT span, ${dimension}, at, ${name} AS named, ${sums}, sum_histograms(latency), sum_histograms(first_byte)
        FROM rollups JOIN series ON id = series GROUP BY span, at, named`);
  database.exec(`
    INSERT INTO sums (span, dimension, at, name, ${listed}, latency, first_byte)
      SELECT ${dayMs}, dimension, at / ${dayMs} * ${dayMs} AS day, name, ${sums},
        sum_histograms(latency), sum_histograms(first_byte)
      FROM sums WHERE span = ${hourMs} GROUP BY dimension, day, name;
    DROP TABLE latencies;
    DROP TABLE rollups`);
}

function storedHistogram(kind: number): string {
  return `(SELECT sum_histograms(histogram_of(bucket, count)) FROM latencies
    WHERE latencies.span = rollups.span AND latencies.at = rollups.at AND latencies.series = rollups.series
    AND kind = ${kind})`;
}
