import type { DatabaseSync } from 'node:sqlite';
import { dayMs, hourMs } from './spans.js';

/** Those of the third schema. */
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

/**
 * From version 3 to 4: sums per day, sums of all series together (series 0), and histograms as part of the sums, where each of their
 * buckets had a row of its own. Needs the functions of `defineHistogramFunctions`.
 */
export function sumsStep(database: DatabaseSync): void {
  const names = counters.join(', ');
  const sums = counters.map((name) => `TOTAL(${name})`).join(', ');
  const histograms = 'sum_histograms(latency), sum_histograms(first_byte)';
  database.exec(`
    ALTER TABLE rollups ADD COLUMN latency BLOB NOT NULL DEFAULT x'';
    ALTER TABLE rollups ADD COLUMN first_byte BLOB NOT NULL DEFAULT x''`);
  database.exec(`
    UPDATE rollups SET latency = ${storedHistogram(0)}, first_byte = ${storedHistogram(1)};
    DROP TABLE latencies;
    INSERT INTO rollups (span, at, series, ${names}, latency, first_byte)
      SELECT ${dayMs}, at / ${dayMs} * ${dayMs} AS day, series, ${sums}, ${histograms}
      FROM rollups WHERE span = ${hourMs} GROUP BY day, series;
    INSERT INTO rollups (span, at, series, ${names}, latency, first_byte)
      SELECT span, at, 0, ${sums}, ${histograms} FROM rollups GROUP BY span, at`);
}

function storedHistogram(kind: number): string {
  return `(SELECT sum_histograms(histogram_of(bucket, count)) FROM latencies
    WHERE latencies.span = rollups.span AND latencies.at = rollups.at AND latencies.series = rollups.series
    AND kind = ${kind})`;
}
