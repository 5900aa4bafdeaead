import { type BytesValue, bytesCodec, type Codec } from '@ai-toolkit/core-cache';
import type { Entry, EntryMetadata } from './entry.js';
import { packEvents } from './packed/pack-events.js';
import { unpackEvents } from './packed/unpack-events.js';

/** An entry as it is written: the answer and the request behind it are one run of bytes. */
interface Written extends EntryMetadata {
  readonly requestBytes?: number;
  /** Length of the answer; absent where it is written as it is, and not packed. */
  readonly unpackedBytes?: number;
}

const written = bytesCodec as Codec<BytesValue<Written>>;

/**
 * Entries on disk and in Redis. A hit on a body costs no copy: answer and request are views on what was read. Of the events of a stream,
 * which say nearly the same again and again, a fraction is written. The name keeps entries of another form from being read as this one.
 */
export const entryCodec: Codec<Entry> = {
  name: 'answer-2',
  encode({ bytes, metadata, request }) {
    const packed = metadata.shape === 'stream' ? packEvents(bytes) : undefined;
    const pieces = written.encode({
      bytes: packed ?? bytes,
      metadata: {
        ...metadata,
        ...(packed === undefined ? {} : { unpackedBytes: bytes.length }),
        ...(request === undefined ? {} : { requestBytes: request.length }),
      },
    }) as readonly Uint8Array[];
    return request === undefined ? pieces : [...pieces, request];
  },
  decode(source) {
    const { bytes: all, metadata: facts } = written.decode(source);
    const { requestBytes, unpackedBytes, ...metadata } = facts;
    const end = all.length - (requestBytes ?? 0);
    if (end < 0) throw new RangeError('The request reaches past the beginning of the record');
    const answer = requestBytes === undefined ? all : all.subarray(0, end);
    const bytes = unpackedBytes === undefined ? answer : unpackEvents(answer, unpackedBytes);
    return requestBytes === undefined ? { bytes, metadata } : { bytes, metadata, request: all.subarray(end) };
  },
  sizeOf: ({ bytes, metadata, request }) =>
    written.sizeOf({ bytes, metadata }) + (metadata.fingerprint?.length ?? 0) + (request?.length ?? 0),
};
