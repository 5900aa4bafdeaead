import { type BytesValue, bytesCodec, type Codec } from '@ai-toolkit/core-cache';
import type { Entry, EntryMetadata } from './entry.js';
import type { Mutable } from './mutable.js';
import { PackedEntry, packed } from './packed/packed-entry.js';

/** Metadata as serialised: the answer and its request are concatenated into one byte sequence. */
interface Written extends EntryMetadata {
  readonly requestBytes?: number;
  /** Length of the answer before packing; absent if it is stored unpacked. */
  readonly unpackedBytes?: number;
}

const written = bytesCodec as Codec<BytesValue<Written>>;

/**
 * Encodes entries for disk and Redis. Reading makes no copy: answer and request are views on the record. Events of a stream, which are
 * nearly identical, are written packed, in a fraction of their size. The codec's name keeps entries in another format from being misread.
 */
export const entryCodec: Codec<Entry> = {
  name: 'answer-3',
  encode(given) {
    const entry = packed(given);
    const { metadata, request } = entry;
    const facts: Mutable<Written> = { ...metadata };
    if (entry instanceof PackedEntry) facts.unpackedBytes = entry.length;
    if (request !== undefined) facts.requestBytes = request.length;
    const pieces = written.encode({ bytes: storedBytes(entry), metadata: facts }) as readonly Uint8Array[];
    return request === undefined ? pieces : [...pieces, request];
  },
  decode(source) {
    const { bytes: all, metadata: facts } = written.decode(source);
    const { requestBytes = 0, unpackedBytes, ...metadata } = facts;
    const end = all.length - requestBytes;
    if (end < 0) throw new RangeError('The request reaches past the beginning of the record');
    const bytes = requestBytes === 0 ? all : all.subarray(0, end);
    const rest = requestBytes === 0 ? { metadata } : { metadata, request: all.subarray(end) };
    // The record's checksum already guarantees the bytes, so there is no need to unpack them for validation.
    return unpackedBytes === undefined ? { bytes, ...rest } : new PackedEntry(bytes, unpackedBytes, rest);
  },
  sizeOf: (entry) =>
    written.sizeOf({ bytes: storedBytes(entry), metadata: entry.metadata }) +
    (entry.metadata.fingerprint?.length ?? 0) +
    (entry.request?.length ?? 0),
};

function storedBytes(entry: Entry): Uint8Array {
  return entry instanceof PackedEntry ? entry.packed : entry.bytes;
}
