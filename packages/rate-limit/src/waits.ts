/** Buckets per doubling, from one millisecond on, so that a percentile is off by at most a twelfth. */
const PER_DOUBLING = 4;
/** The last bucket begins at about an hour. */
const LAST_BUCKET: number = 22 * PER_DOUBLING;

/** Waits in queues, counted so that those of several keys and processes can be added up. */
export interface Waits {
  readonly count: number;
  readonly totalMs: number;
  readonly longestMs: number;
  /** How many waits fell into each bucket: bucket n ends at 2^(n/4) ms. Empty ones at the end are left out. */
  readonly buckets: readonly number[];
}

const noWaits: Waits = { count: 0, totalMs: 0, longestMs: 0, buckets: [] };

export class WaitCounter {
  #count = 0;
  #totalMs = 0;
  #longestMs = 0;
  readonly #buckets: number[] = [];

  add(waitedMs: number): void {
    this.#count += 1;
    this.#totalMs += waitedMs;
    this.#longestMs = Math.max(this.#longestMs, waitedMs);
    const bucket = bucketOf(waitedMs);
    while (this.#buckets.length <= bucket) this.#buckets.push(0);
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
  }

  snapshot(): Waits {
    return {
      count: this.#count,
      totalMs: Math.round(this.#totalMs),
      longestMs: Math.round(this.#longestMs),
      buckets: [...this.#buckets],
    };
  }
}

/** Adds up waits. */
export function sumWaits(all: readonly Waits[]): Waits {
  let { count, totalMs, longestMs } = noWaits;
  const buckets: number[] = [];
  for (const waits of all) {
    count += waits.count;
    totalMs += waits.totalMs;
    longestMs = Math.max(longestMs, waits.longestMs);
    for (const [bucket, waited] of waits.buckets.entries()) buckets[bucket] = (buckets[bucket] ?? 0) + waited;
  }
  return { count, totalMs, longestMs, buckets };
}

/** The milliseconds that a fraction `share` (0 to 1) of the waits did not exceed; `undefined` if there were none. */
export function waitPercentile({ count, longestMs, buckets }: Waits, share: number): number | undefined {
  if (count === 0) return undefined;
  const rank = Math.max(1, Math.ceil(count * share));
  let seen = 0;
  for (const [bucket, waited] of buckets.entries()) {
    seen += waited;
    if (seen >= rank) return Math.min(longestMs, Math.round(2 ** ((bucket - 0.5) / PER_DOUBLING)));
  }
  return longestMs;
}

function bucketOf(waitedMs: number): number {
  if (!(waitedMs > 1)) return 0;
  return Math.min(LAST_BUCKET, Math.ceil(Math.log2(waitedMs) * PER_DOUBLING));
}
