/**
 * Durations are counted in buckets that grow by the eighth root of two, so that a percentile read from them is off by
 * at most 4.5 % and histograms of any span can be added up. Bucket 0 ends at 1/16 ms, the last begins at about 3 days.
 */
const firstEdgeMs = 1 / 16;
const bucketsPerDoubling = 8;
export const lastBucket = 256;

/** Bucket number → how many durations fell into it. */
export type Histogram = Map<number, number>;

/** The bucket of a duration in ms. */
export function bucketOf(durationMs: number): number {
  if (!(durationMs > firstEdgeMs)) return 0;
  return Math.min(lastBucket, Math.ceil(Math.log2(durationMs / firstEdgeMs) * bucketsPerDoubling));
}

/** The duration in ms below which `share` (0 to 1) of the counted ones lie; null when none was counted. */
export function percentile(histogram: Histogram, share: number): number | null {
  let total = 0;
  for (const count of histogram.values()) total += count;
  if (total === 0) return null;
  const rank = Math.max(1, Math.ceil(total * share));
  let seen = 0;
  for (const [bucket, count] of [...histogram].sort(([a], [b]) => a - b)) {
    seen += count;
    if (seen >= rank) return middleOf(bucket);
  }
  return null;
}

function middleOf(bucket: number): number {
  if (bucket === 0) return firstEdgeMs / 2;
  return Number((firstEdgeMs * 2 ** ((bucket - 0.5) / bucketsPerDoubling)).toPrecision(4));
}
