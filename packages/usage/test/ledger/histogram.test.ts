import { describe, expect, it } from 'vitest';
import { bucketOf, type Histogram, percentile } from '../../src/ledger/histogram.js';

function histogramOf(durations: readonly number[]): Histogram {
  const histogram: Histogram = new Map();
  for (const duration of durations) {
    const bucket = bucketOf(duration);
    histogram.set(bucket, (histogram.get(bucket) ?? 0) + 1);
  }
  return histogram;
}

describe('percentile', () => {
  it('is null when nothing was counted', () => {
    expect(percentile(new Map(), 0.5)).toBeNull();
  });

  it.each([0.1, 1, 3.7, 42, 999, 60_000, 86_400_000])('is within 4.5 %% of %d ms', (duration) => {
    const read = percentile(histogramOf([duration]), 0.5) ?? 0;
    expect(Math.abs(read - duration) / duration).toBeLessThanOrEqual(0.045);
  });

  it('finds the rank among many', () => {
    const histogram = histogramOf(Array.from({ length: 1000 }, (_, index) => index + 1));
    expect(percentile(histogram, 0.5)).toBeGreaterThan(478);
    expect(percentile(histogram, 0.5)).toBeLessThan(523);
    expect(percentile(histogram, 0.95)).toBeGreaterThan(907);
    expect(percentile(histogram, 0.95)).toBeLessThan(993);
  });

  it('puts what is no duration into the first bucket and what is endless into the last', () => {
    expect(bucketOf(Number.NaN)).toBe(0);
    expect(bucketOf(-1)).toBe(0);
    expect(bucketOf(Number.POSITIVE_INFINITY)).toBe(256);
  });
});
