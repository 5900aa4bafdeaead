import { type Histogram, lastBucket } from './histogram.js';

/** Scratch space for one histogram at a time: how many durations fell into each bucket. */
const counts: Float64Array = new Float64Array(lastBucket + 1);
/** A bucket takes up to two bytes, and a count up to eight. */
const bytes: Uint8Array = new Uint8Array((lastBucket + 1) * 10);

/**
 * A histogram as it is stored: for every bucket that counted anything, its distance from the one before and its count. Numbers take seven
 * bits per byte, low bits first; the eighth bit is set if more follow. A row for each bucket would be most of the ledger.
 */
export function encodeHistogram(histogram: Histogram): Uint8Array {
  counts.fill(0);
  for (const [bucket, count] of histogram) counts[bucket] = count;
  return encodeCounts();
}

/** Adds a stored histogram to another. Foreign bytes add whatever they seem to say, and nothing beyond the last bucket. */
export function addEncoded(into: Histogram, stored: Uint8Array): void {
  eachOf(stored, (bucket, count) => {
    into.set(bucket, (into.get(bucket) ?? 0) + count);
  });
}

/** The sum of two stored histograms. */
export function sumEncoded(a: Uint8Array, b: Uint8Array): Uint8Array {
  counts.fill(0);
  eachOf(a, addToCounts);
  eachOf(b, addToCounts);
  return encodeCounts();
}

function addToCounts(bucket: number, count: number): void {
  counts[bucket] = (counts[bucket] ?? 0) + count;
}

function eachOf(stored: Uint8Array, tell: (bucket: number, count: number) => void): void {
  let position = 0;
  let bucket = 0;
  while (position < stored.length) {
    bucket += next();
    const count = next();
    if (bucket > lastBucket) return;
    tell(bucket, count);
  }

  function next(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = stored[position] ?? 0;
      position += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  }
}

function encodeCounts(): Uint8Array {
  let length = 0;
  let before = 0;
  for (let bucket = 0; bucket <= lastBucket; bucket += 1) {
    const count = counts[bucket] ?? 0;
    if (count === 0) continue;
    length = put(length, bucket - before);
    // Damaged bytes may claim more than can be counted.
    length = put(length, Math.min(count, Number.MAX_SAFE_INTEGER));
    before = bucket;
  }
  return bytes.slice(0, length);
}

/** Writes a number at a position, and returns where it ends. */
function put(at: number, value: number): number {
  let end = at;
  let rest = value;
  while (rest >= 0x80) {
    bytes[end] = (rest % 0x80) | 0x80;
    end += 1;
    rest = Math.floor(rest / 0x80);
  }
  bytes[end] = rest;
  return end + 1;
}
