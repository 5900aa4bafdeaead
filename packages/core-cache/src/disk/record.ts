import { crc32 } from 'node:zlib';
import { CacheError } from '../cache-error.js';
import { byteLengthOf, piecesOf } from '../encoded-entry.js';
import type { StoreEntry } from '../store.js';

/*
 * One entry as bytes, little endian:
 *
 *   0  u32  CRC-32 of everything from offset 4 on
 *   4  u8   magic          5  u8  format version    6  u16  flags
 *   8  f64  sequence      16  f64 createdAt        24  f64 expiresAt    32  f64 retainUntil
 *  40  u32  length of the payload                  44  u32 length of the text
 *  48  the text, then the payload
 *
 * The text is JSON: [namespace, key, codec, ...tags]. Everything before the payload is the head, which has all but the value.
 */
const MAGIC = 0xac;
const FORMAT_VERSION = 2;
const FLAG_NEGATIVE = 1;
const CHECKED_FROM = 4;
const FIXED_BYTES = 48;
const MAX_TAG_BYTES = 0xffff;
const NO_TAGS: readonly string[] = Object.freeze([]);

/** What a record says about its entry, apart from the value. */
export interface RecordHead {
  readonly namespace: string;
  readonly key: string;
  readonly codec: string;
  readonly tags: readonly string[];
  readonly negative: boolean;
  readonly sequence: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly retainUntil: number;
  /** Length of the payload in bytes. */
  readonly size: number;
}

export interface DecodedRecord extends RecordHead, StoreEntry<Uint8Array> {}

/** Scratch buffer in which records are built, one at a time; a larger record gets a buffer of its own. */
const DESK: Buffer = Buffer.allocUnsafeSlow(64 * 1024);

/** Whether a record may have these tags. */
export function fitsTags(tags: readonly string[]): boolean {
  let units = tags.length;
  for (const tag of tags) units += tag.length;
  // UTF-8 takes up to three bytes for each UTF-16 unit.
  return units * 3 <= MAX_TAG_BYTES || Buffer.byteLength(tags.join()) <= MAX_TAG_BYTES;
}

/** Encodes an entry as a record. The result is valid until the next call. */
export function encodeRecord(
  namespace: string,
  key: string,
  entry: StoreEntry<Uint8Array>,
  sequence: number,
): Buffer {
  const { codec, tags } = entry;
  const pieces = piecesOf(entry);
  const size = byteLengthOf(pieces);
  const text = JSON.stringify([namespace, key, codec, ...tags]);
  const textBytes = Buffer.byteLength(text);
  const length = FIXED_BYTES + textBytes + size;
  const record = length <= DESK.length ? DESK.subarray(0, length) : Buffer.allocUnsafeSlow(length);
  record[4] = MAGIC;
  record[5] = FORMAT_VERSION;
  record.writeUInt16LE(entry.negative ? FLAG_NEGATIVE : 0, 6);
  record.writeDoubleLE(sequence, 8);
  record.writeDoubleLE(entry.createdAt, 16);
  record.writeDoubleLE(entry.expiresAt, 24);
  record.writeDoubleLE(entry.retainUntil, 32);
  record.writeUInt32LE(size, 40);
  record.writeUInt32LE(textBytes, 44);
  record.write(text, FIXED_BYTES);
  let at = FIXED_BYTES + textBytes;
  for (const piece of pieces) {
    record.set(piece, at);
    at += piece.byteLength;
  }
  record.writeUInt32LE(crc32(record.subarray(CHECKED_FROM)), 0);
  return record;
}

/** Approximate length of an entry's record, to bound what waits to be written. */
export function estimateRecordBytes(key: string, { size, tags }: StoreEntry<Uint8Array>): number {
  let bytes = FIXED_BYTES + key.length + size;
  for (const tag of tags) bytes += tag.length;
  return bytes;
}

/** Unique within the file. */
export function sequenceOf(record: Buffer): number {
  return record.readDoubleLE(8);
}

/** Length of the head, as the record claims. */
export function headBytesOf(record: Buffer): number {
  return record.length < FIXED_BYTES ? FIXED_BYTES : FIXED_BYTES + record.readUInt32LE(44);
}

/** Length of the payload, as the record claims; the buffer need not contain it. */
export function payloadBytesOf(record: Buffer): number {
  return record.length < FIXED_BYTES ? 0 : record.readUInt32LE(40);
}

/** Undefined for anything that does not begin with a head: a damaged page must not pass for one. Does not verify the checksum. */
export function readHead(record: Buffer): RecordHead | undefined {
  if (record.length < FIXED_BYTES || record[4] !== MAGIC || record[5] !== FORMAT_VERSION) return undefined;
  const end = headBytesOf(record);
  if (end > record.length) return undefined;
  const texts = parseTexts(record.toString('utf8', FIXED_BYTES, end));
  const [namespace, key, codec, ...tags] = texts;
  if (namespace === undefined || key === undefined || codec === undefined) return undefined;
  return {
    namespace,
    key,
    codec,
    tags: tags.length === 0 ? NO_TAGS : tags,
    negative: (record.readUInt16LE(6) & FLAG_NEGATIVE) !== 0,
    sequence: sequenceOf(record),
    createdAt: record.readDoubleLE(16),
    expiresAt: record.readDoubleLE(24),
    retainUntil: record.readDoubleLE(32),
    size: payloadBytesOf(record),
  };
}

/**
 * Undefined if the record belongs to another key. Throws `CACHE_ENTRY_CORRUPT` unless the bytes are exactly what {@link encodeRecord} made.
 * The payload is a view.
 */
export function decodeRecord(record: Buffer, namespace: string, key: string): DecodedRecord | undefined {
  if (record.length < FIXED_BYTES || record[4] !== MAGIC) throw corrupt('is not a cache record');
  if (record[5] !== FORMAT_VERSION) throw corrupt(`has format version ${record[5]}, not ${FORMAT_VERSION}`);
  if (record.readUInt32LE(0) !== crc32(record.subarray(CHECKED_FROM)))
    throw corrupt('does not match its checksum');
  const head = readHead(record);
  if (head === undefined) throw corrupt('has no head');
  if (head.namespace !== namespace || head.key !== key) return undefined;
  return { ...head, payload: record.subarray(headBytesOf(record)) };
}

function parseTexts(text: string): readonly string[] {
  try {
    const texts: unknown = JSON.parse(text);
    return Array.isArray(texts) && texts.every((part) => typeof part === 'string') ? texts : [];
  } catch {
    return [];
  }
}

function corrupt(what: string): CacheError {
  return new CacheError('CACHE_ENTRY_CORRUPT', `A stored entry ${what}`, {
    hint: 'The entry was dropped and will be made anew. If this recurs, check the disk.',
    retryable: true,
  });
}
