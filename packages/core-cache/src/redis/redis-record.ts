import { crc32 } from 'node:zlib';
import { CacheError } from '../cache-error.js';
import type { StoreEntry, StoreSummary } from '../store.js';
import { MEMBER_BYTES } from './redis-keys.js';

/*
 * One value in Redis, little endian:
 *
 *   0  f64  sequence, put in front by the script that writes; a value that ends here marks a deletion
 *   8  u8   magic          9  u8  format version    10  u16  number of tags
 *  12  u32  where the payload begins                16  u32  CRC-32 of the key, of everything else but the sequence
 *  20  names under which clears of the tags are kept, 16 bytes each; then the header text, then the payload
 *
 * The text is JSON: [codec, createdAt, expiresAt, retainUntil, negative, tags, key], null for infinite times. The key is part of the
 * checksum, so a sound record under a wrong key is detected too.
 */
export const SEQUENCE_BYTES = 8;
const MAGIC = 0xa7;
const FORMAT_VERSION = 1;
const MEMBERS_AT = 20;
const MAX_TAGS = 0xffff;
/** A payload that takes less than this share of its buffer is copied, so that a small value does not keep a large buffer alive. */
const LEAST_SHARE = 0.5;

type HeaderText = [
  codec: string,
  createdAt: number,
  expiresAt: number | null,
  retainUntil: number | null,
  negative: 0 | 1,
  tags: string[],
  key: string,
];

/** Encodes the record without the sequence and the payload. */
export function encodeHead(
  entry: StoreEntry<Uint8Array>,
  key: string,
  physical: string,
  tagMembers: readonly Buffer[],
): Buffer {
  if (tagMembers.length > MAX_TAGS) throw new RangeError(`An entry may have ${MAX_TAGS} tags at most`);
  const { codec, createdAt, expiresAt, retainUntil, negative, tags, payload } = entry;
  const fields: HeaderText = [
    codec,
    createdAt,
    finite(expiresAt),
    finite(retainUntil),
    negative ? 1 : 0,
    [...tags],
    key,
  ];
  const text = Buffer.from(JSON.stringify(fields));
  const textAt = MEMBERS_AT + tagMembers.length * MEMBER_BYTES;
  const head = Buffer.allocUnsafe(textAt + text.length - SEQUENCE_BYTES);
  head[0] = MAGIC;
  head[1] = FORMAT_VERSION;
  head.writeUInt16LE(tagMembers.length, 2);
  head.writeUInt32LE(textAt + text.length, 4);
  for (const [index, member] of tagMembers.entries()) {
    head.set(member, MEMBERS_AT - SEQUENCE_BYTES + index * MEMBER_BYTES);
  }
  head.set(text, textAt - SEQUENCE_BYTES);
  head.writeUInt32LE(checksum(head, payload, physical), 8);
  return head;
}

/** Throws `CACHE_ENTRY_CORRUPT` unless the value is exactly what was written under this key. */
export function decodeRecord(value: Buffer, physical: string): StoreEntry<Uint8Array> {
  const payloadAt = payloadStart(value);
  if (payloadAt > value.length) throw corrupt('is cut short');
  const head = value.subarray(SEQUENCE_BYTES, payloadAt);
  const payload = value.subarray(payloadAt);
  if (head.readUInt32LE(8) !== checksum(head, payload, physical))
    throw corrupt('does not match its checksum');
  const { key: _key, namespace: _namespace, ...fields } = summarize(value, '', value.length);
  return { ...fields, payload: detached(payload), codec: textOf(value)[0] };
}

/** Reads what {@link decodeRecord} reads, except the payload, from the first bytes of a value of `length` bytes. */
export function summarize(head: Buffer, namespace: string, length: number): StoreSummary {
  const [, createdAt, expiresAt, retainUntil, negative, tags, key] = textOf(head);
  return {
    namespace,
    key,
    size: length - payloadStart(head),
    createdAt,
    expiresAt: expiresAt ?? Number.POSITIVE_INFINITY,
    retainUntil: retainUntil ?? Number.POSITIVE_INFINITY,
    negative: negative === 1,
    tags,
  };
}

function payloadStart(value: Buffer): number {
  if (value.length < MEMBERS_AT || value[8] !== MAGIC) throw corrupt('is not a cache record');
  if (value[9] !== FORMAT_VERSION) throw corrupt(`has format version ${value[9]}, not ${FORMAT_VERSION}`);
  return value.readUInt32LE(12);
}

function textOf(value: Buffer): HeaderText {
  const textAt = MEMBERS_AT + value.readUInt16LE(10) * MEMBER_BYTES;
  return JSON.parse(value.toString('utf8', textAt, payloadStart(value))) as HeaderText;
}

function checksum(head: Buffer, payload: Uint8Array, physical: string): number {
  const before = crc32(head.subarray(0, 8), crc32(physical));
  return crc32(payload, crc32(head.subarray(12), before));
}

function finite(epochMs: number): number | null {
  return epochMs === Number.POSITIVE_INFINITY ? null : epochMs;
}

function detached(payload: Buffer): Buffer {
  if (payload.length >= payload.buffer.byteLength * LEAST_SHARE) return payload;
  const copy = Buffer.allocUnsafeSlow(payload.length);
  copy.set(payload);
  return copy;
}

function corrupt(what: string): CacheError {
  return new CacheError('CACHE_ENTRY_CORRUPT', `An entry in Redis ${what}`, {
    hint: 'The entry was dropped and will be made anew. If this recurs, something else writes under the same prefix.',
    retryable: true,
  });
}
