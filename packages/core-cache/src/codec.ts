import { deserialize, serialize } from 'node:v8';
import { estimateSize } from './estimate-size.js';

/** Converts values to bytes for the tiers outside memory. */
export interface Codec<V> {
  /** Stored with each value; an entry written with another codec is a miss, never a wrong value. */
  readonly name: string;
  /** One or more pieces, written in order without being joined first; they must not change until `set` is done. */
  encode(value: V): Uint8Array | readonly Uint8Array[];
  /** `bytes` belongs to the callee: views on it may be kept. */
  decode(bytes: Uint8Array): V;
  /** Bytes that the value occupies in the memory tier; an estimate will do. */
  sizeOf(value: V): number;
}

/** Bytes in the memory tier. Throws a `TypeError` for what is no size: the tier would lose its bound. */
export function sizeOf<V>(codec: Codec<V>, value: V): number {
  const size = codec.sizeOf(value);
  if (!(size >= 0))
    throw new TypeError(`sizeOf of the codec "${codec.name}" must not be negative or NaN, got ${size}`);
  return size;
}

/** Anything the structured clone algorithm takes: objects, maps, sets, dates, typed arrays, bigints, cycles. */
export const structuredCodec: Codec<unknown> = {
  name: 'v8',
  encode: (value) => serialize(value),
  decode: (bytes): unknown => deserialize(bytes),
  sizeOf: estimateSize,
};

/** Bytes with a small JSON-able object beside them. The bytes must not change once they are in a cache: no tier makes a copy first. */
export interface BytesValue<M = unknown> {
  readonly bytes: Uint8Array;
  readonly metadata: M;
}

const ENTRY_OVERHEAD_BYTES = 256;

/**
 * The fast path for values that are already bytes. A hit in memory returns the stored reference; a hit on disk decodes to a view. Layout:
 * length of the metadata (u32, little-endian), metadata as JSON, bytes.
 */
export const bytesCodec: Codec<BytesValue> = {
  name: 'bytes',
  encode(value) {
    const metadata = JSON.stringify(value.metadata ?? null);
    const head = Buffer.allocUnsafe(4 + Buffer.byteLength(metadata));
    head.writeUInt32LE(head.length - 4);
    head.write(metadata, 4);
    return [head, value.bytes];
  },
  decode(bytes) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = 4 + buffer.readUInt32LE(0);
    if (end > buffer.length) throw new RangeError('Metadata reaches past the end of the record');
    const metadata: unknown = JSON.parse(buffer.toString('utf8', 4, end));
    return { bytes: buffer.subarray(end), metadata };
  },
  sizeOf: (value) => value.bytes.byteLength + ENTRY_OVERHEAD_BYTES,
};
