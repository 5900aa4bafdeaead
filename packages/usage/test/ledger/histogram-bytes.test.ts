import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Histogram } from '../../src/ledger/histogram.js';
import { addEncoded, encodeHistogram, sumEncoded } from '../../src/ledger/histogram-bytes.js';

const histograms = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 256 }), fc.integer({ min: 1, max: 2 ** 51 })))
  .map((pairs): Histogram => new Map(pairs));

function decoded(...parts: readonly Uint8Array[]): Histogram {
  const histogram: Histogram = new Map();
  for (const part of parts) addEncoded(histogram, part);
  return histogram;
}

it('a histogram comes back as it was stored, and two add up', () => {
  fc.assert(
    fc.property(histograms, histograms, (a, b) => {
      expect(decoded(encodeHistogram(a))).toEqual(a);
      const sum = decoded(encodeHistogram(a), encodeHistogram(b));
      expect(decoded(sumEncoded(encodeHistogram(a), encodeHistogram(b)))).toEqual(sum);
    }),
  );
});

it('any bytes are read to their end, and into no bucket that there is not', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      for (const bucket of decoded(bytes).keys()) expect(bucket).toBeLessThanOrEqual(256);
      for (const bucket of decoded(sumEncoded(bytes, bytes)).keys()) expect(bucket).toBeLessThanOrEqual(256);
    }),
  );
});

it('a count beyond all that can be counted is stored as the largest one', () => {
  const endless = Uint8Array.from([7, ...Array.from({ length: 300 }, () => 0xff), 1]);
  expect(decoded(sumEncoded(endless, endless))).toEqual(new Map([[7, Number.MAX_SAFE_INTEGER]]));
});
