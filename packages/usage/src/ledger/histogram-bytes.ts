import { type Histogram, lastBucket } from './histogram.js';

/**
 * A histogram as it is stored: for each bucket that counted anything its distance to the one before and its count, as numbers of seven
 * bits a byte, the low ones first, the eighth bit set where more follow. A row for each bucket would be most of the ledger.
 */
export function encodeHistogram(histogram: Histogram): Uint8Array {
  const bytes: number[] = [];
  let before = 0;
  for (const [bucket, count] of [...histogram].sort(([a], [b]) => a - b)) {
    push(bytes, bucket - before);
    push(bytes, count);
    before = bucket;
  }
  return Uint8Array.from(bytes);
}

/** Adds what was stored to a histogram. Bytes that are none of ours add what they seem to say, and nothing beyond the last bucket. */
export function addEncoded(into: Histogram, bytes: Uint8Array): void {
  let position = 0;
  let bucket = 0;
  while (position < bytes.length) {
    bucket += next();
    const count = next();
    if (bucket > lastBucket) return;
    into.set(bucket, (into.get(bucket) ?? 0) + count);
  }

  function next(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = bytes[position] ?? 0;
      position += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 0x80;
    }
  }
}

/** The sum of two stored histograms. */
export function sumEncoded(a: Uint8Array, b: Uint8Array): Uint8Array {
  const sum: Histogram = new Map();
  addEncoded(sum, a);
  addEncoded(sum, b);
  return encodeHistogram(sum);
}

function push(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  bytes.push(rest);
}
