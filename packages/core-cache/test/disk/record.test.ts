import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord } from '../../src/disk/record.js';
import { CacheError, type StoreEntry } from '../../src/index.js';

const entry = fc.record({
  payload: fc.uint8Array({ maxLength: 300 }),
  codec: fc.string(),
  size: fc.nat(),
  createdAt: fc.double({ noNaN: true }),
  expiresAt: fc.constantFrom(0, 1.5, 2 ** 53, Number.POSITIVE_INFINITY),
  retainUntil: fc.double({ noNaN: true }),
  negative: fc.boolean(),
  tags: fc.array(fc.string({ unit: 'binary' })),
});

function seal(given: StoreEntry<Uint8Array>, key: string, sequence: number): Buffer {
  return Buffer.from(encodeRecord('ns', key, given, sequence));
}

describe('a record', () => {
  it('gives back all that was put in', () => {
    const property = fc.property(entry, fc.string({ unit: 'binary' }), fc.nat(), (given, key, sequence) => {
      const { payload, ...facts } = decodeRecord(seal(given, key, sequence), 'ns', key) ?? {};
      expect(facts).toEqual({
        ...given,
        payload: undefined,
        size: given.payload.length,
        sequence,
        namespace: 'ns',
        key,
      });
      expect(new Uint8Array(payload ?? [])).toEqual(given.payload);
    });
    fc.assert(property);
  });

  it('is refused when a single bit is another', () => {
    const property = fc.property(entry, fc.nat(), fc.nat(7), (given, position, bit) => {
      const record = seal(given, 'key', 1);
      const at = position % record.length;
      record[at] = (record[at] ?? 0) ^ (1 << bit);
      expect(() => decodeRecord(record, 'ns', 'key')).toThrow(CacheError);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('is none of another key, and is refused when it is cut short or of no length', () => {
    const property = fc.property(entry, fc.nat(), (given, length) => {
      const record = seal(given, 'key', 1);
      expect(decodeRecord(record, 'ns', 'other')).toBeUndefined();
      expect(decodeRecord(record, 'other', 'key')).toBeUndefined();
      expect(() => decodeRecord(record.subarray(0, length % record.length), 'ns', 'key')).toThrow(CacheError);
    });
    fc.assert(property);
  });
});
