import { crc32 } from 'node:zlib';
import { CacheError } from '../cache-error.js';
import type { StoreEntry } from '../store.js';

/*
 * One entry as bytes, little endian:
 *
 *   0  u32  CRC-32 of the key and of everything from offset 4 on
 *   4  u8   magic          5  u8  format version    6  u16  flags
 *   8  f64  sequence      16  f64 createdAt        24  f64 expiresAt    32  f64 retainUntil
 *  40  u16  length of the header text              42  the text, then the payload
 *
 * The text is JSON: [codec, tags]. The key is part of the checksum, so a sound record under a wrong key is found out too.
 */
const MAGIC = 0xac;
const FORMAT_VERSION = 1;
const FLAG_NEGATIVE = 1;
const CHECKED_FROM = 4;
const FIXED_BYTES = 42;
const NO_TAGS: readonly string[] = Object.freeze([]);

export interface DecodedRecord extends StoreEntry<Uint8Array> {
  readonly sequence: number;
}

/** Everything but the sequence and the checksum, which {@link sealRecord} adds once the sequence is known. */
export function draftRecord(entry: StoreEntry<Uint8Array>): Buffer {
  const text = Buffer.from(
    JSON.stringify(entry.tags.length === 0 ? [entry.codec] : [entry.codec, entry.tags]),
  );
  if (text.length > 0xffff) throw new RangeError('The tags of an entry must fit in 64 KiB');
  const record = Buffer.allocUnsafe(FIXED_BYTES + text.length + entry.payload.byteLength);
  record[4] = MAGIC;
  record[5] = FORMAT_VERSION;
  record.writeUInt16LE(entry.negative ? FLAG_NEGATIVE : 0, 6);
  record.writeDoubleLE(entry.createdAt, 16);
  record.writeDoubleLE(entry.expiresAt, 24);
  record.writeDoubleLE(entry.retainUntil, 32);
  record.writeUInt16LE(text.length, 40);
  record.set(text, FIXED_BYTES);
  record.set(entry.payload, FIXED_BYTES + text.length);
  return record;
}

export function sealRecord(record: Buffer, key: string, sequence: number): void {
  record.writeDoubleLE(sequence, 8);
  record.writeUInt32LE(crc32(record.subarray(CHECKED_FROM), crc32(key)), 0);
}

/** Of a sealed record: no two records of a file have the same. */
export function sequenceOf(record: Buffer): number {
  return record.readDoubleLE(8);
}

/** Throws `CACHE_ENTRY_CORRUPT` unless the bytes are exactly what was sealed under this key. The payload is a view. */
export function decodeRecord(record: Buffer, key: string): DecodedRecord {
  if (record.length < FIXED_BYTES || record[4] !== MAGIC) throw corrupt('is not a cache record');
  if (record[5] !== FORMAT_VERSION) throw corrupt(`has format version ${record[5]}, not ${FORMAT_VERSION}`);
  if (record.readUInt32LE(0) !== crc32(record.subarray(CHECKED_FROM), crc32(key))) {
    throw corrupt('does not match its checksum');
  }
  const payloadAt = FIXED_BYTES + record.readUInt16LE(40);
  const [codec, tags] = JSON.parse(record.toString('utf8', FIXED_BYTES, payloadAt)) as [string, string[]?];
  const payload = record.subarray(payloadAt);
  return {
    payload,
    codec,
    size: payload.length,
    sequence: sequenceOf(record),
    createdAt: record.readDoubleLE(16),
    expiresAt: record.readDoubleLE(24),
    retainUntil: record.readDoubleLE(32),
    negative: (record.readUInt16LE(6) & FLAG_NEGATIVE) !== 0,
    tags: tags ?? NO_TAGS,
  };
}

function corrupt(what: string): CacheError {
  return new CacheError('CACHE_ENTRY_CORRUPT', `A stored entry ${what}`, {
    hint: 'The entry was dropped and will be made anew. If this recurs, check the disk.',
    retryable: true,
  });
}
