import { type BytesValue, bytesCodec, type Codec } from '@ai-toolkit/core-cache';
import type { Entry, EntryMetadata } from './entry.js';

/** An entry as it is written: the answer and the request behind it are one run of bytes. */
interface Written extends EntryMetadata {
  readonly requestBytes?: number;
}

const written = bytesCodec as Codec<BytesValue<Written>>;

/**
 * Entries on disk and in Redis. A hit costs no copy: answer and request are views on what was read. The name keeps entries of
 * another form from being read as this one.
 */
export const entryCodec: Codec<Entry> = {
  name: 'answer',
  encode({ bytes, metadata, request }) {
    if (request === undefined) return written.encode({ bytes, metadata });
    const pieces = written.encode({ bytes, metadata: { ...metadata, requestBytes: request.length } });
    return [...(pieces as readonly Uint8Array[]), request];
  },
  decode(source) {
    const { bytes, metadata: all } = written.decode(source);
    const { requestBytes = 0, ...metadata } = all;
    if (requestBytes === 0) return { bytes, metadata };
    const end = bytes.length - requestBytes;
    if (end < 0) throw new RangeError('The request reaches past the beginning of the record');
    return { bytes: bytes.subarray(0, end), metadata, request: bytes.subarray(end) };
  },
  sizeOf: ({ bytes, metadata, request }) =>
    written.sizeOf({ bytes, metadata }) + (metadata.fingerprint?.length ?? 0) + (request?.length ?? 0),
};
