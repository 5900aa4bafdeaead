import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { encodeHistogram, sumEncoded } from './histogram-bytes.js';

/**
 * Defines the SQL functions that add up stored histograms on this connection: `add_histograms(a, b)`, the aggregate `sum_histograms(a)`,
 * and `histogram_of(bucket, count)`.
 */
export function defineHistogramFunctions(database: DatabaseSync): void {
  const deterministic = { deterministic: true };
  database.function('add_histograms', deterministic, (a, b) => sumEncoded(bytesOf(a), bytesOf(b)));
  database.function('histogram_of', deterministic, (bucket, count) =>
    encodeHistogram(new Map([[Number(bucket), Number(count)]])),
  );
  database.aggregate('sum_histograms', {
    start: (): SQLInputValue => new Uint8Array(),
    step: (sum, stored) => sumEncoded(bytesOf(sum), bytesOf(stored)),
  });
}

function bytesOf(value: SQLInputValue | SQLOutputValue): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}
