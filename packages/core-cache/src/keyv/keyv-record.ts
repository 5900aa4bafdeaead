import { crc32 } from 'node:zlib';
import type { StoreEntry, StoreSummary } from '../store.js';

/** A stored entry. It is alive while its generations are the current ones of its namespace and tags. */
export interface KeyvRecord {
  readonly namespace: string;
  readonly key: string;
  /** Its position in the order of all writes. */
  readonly sequence: number;
  readonly generation: string;
  /** In the order of the entry's tags. */
  readonly tagGenerations: readonly string[];
  readonly entry: StoreEntry<Uint8Array>;
}

const FORMAT = 1;
const CHECKSUM_DIGITS = 8;

type Header = readonly [
  format: number,
  namespace: string,
  key: string,
  sequence: number,
  generation: string,
  tagGenerations: readonly string[],
  tags: readonly string[],
  codec: string,
  size: number,
  createdAt: number,
  expiresAt: number | null,
  retainUntil: number | null,
  negative: boolean,
];

/** Text, since not every Keyv store takes bytes: checksum (CRC-32), header as JSON, line feed, payload as base64. */
export function encodeKeyvRecord(record: KeyvRecord): string {
  const { namespace, key, sequence, generation, tagGenerations, entry } = record;
  const { payload, tags, codec, size, createdAt, expiresAt, retainUntil, negative } = entry;
  const times = [createdAt, expiresAt, retainUntil];
  // JSON has no Infinity and writes null for it. It escapes lone surrogates and line feeds.
  const header = [
    FORMAT,
    namespace,
    key,
    sequence,
    generation,
    tagGenerations,
    tags,
    codec,
    size,
    ...times,
    negative,
  ];
  const base64 = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('base64');
  const body = `${JSON.stringify(header)}\n${base64}`;
  return `${checksum(body)}${body}`;
}

/** Undefined for a record that is damaged, of another format, or not ours. */
export function decodeKeyvRecord(text: string): KeyvRecord | undefined {
  const body = text.slice(CHECKSUM_DIGITS);
  const end = body.indexOf('\n');
  if (end === -1 || text.slice(0, CHECKSUM_DIGITS) !== checksum(body)) return undefined;
  // The checksum vouches for the shape: a header of this format was written above.
  const header = JSON.parse(body.slice(0, end)) as Header;
  if (header[0] !== FORMAT) return undefined;
  const [, namespace, key, sequence, generation, tagGenerations, tags, codec, size, ...rest] = header;
  const [createdAt, expiresAt, retainUntil, negative] = rest;
  const entry = {
    payload: Buffer.from(body.slice(end + 1), 'base64'),
    codec,
    size,
    createdAt,
    expiresAt: expiresAt ?? Number.POSITIVE_INFINITY,
    retainUntil: retainUntil ?? Number.POSITIVE_INFINITY,
    negative,
    tags,
  };
  return { namespace, key, sequence, generation, tagGenerations, entry };
}

export function summarize({ namespace, key, entry }: KeyvRecord): StoreSummary {
  const { size, createdAt, expiresAt, retainUntil, negative, tags } = entry;
  return { namespace, key, size, createdAt, expiresAt, retainUntil, negative, tags };
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(CHECKSUM_DIGITS, '0');
}
