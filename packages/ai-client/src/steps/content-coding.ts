import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';

/** Decodes a body with a content coding. */
export type Decoder = Transform;

const decoders: Readonly<Record<string, () => Decoder>> = {
  br: createBrotliDecompress,
  deflate: createInflate,
  gzip: createGunzip,
  'x-gzip': createGunzip,
  zstd: createZstdDecompress,
};

/**
 * The decoder for a `Content-Encoding`. We request none, but some proxies in front of a provider compress everything. `undefined` for an
 * unknown coding or a combination: such a body is passed on undecoded, and fails to parse as an answer.
 */
export function decoderFor(coding: string): Decoder | undefined {
  const name = coding.trim().toLowerCase();
  return Object.hasOwn(decoders, name) ? decoders[name]?.() : undefined;
}
