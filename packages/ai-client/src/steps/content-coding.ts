import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';

/** Takes the bytes of a body in a coding, and gives those of the body. */
export type Decoder = Transform;

const decoders: Readonly<Record<string, () => Decoder>> = {
  br: createBrotliDecompress,
  deflate: createInflate,
  gzip: createGunzip,
  'x-gzip': createGunzip,
  zstd: createZstdDecompress,
};

/**
 * What undoes the coding that a `Content-Encoding` names. We ask for none, and yet some proxies in front of a provider compress whatever
 * passes. `undefined` for a coding that is not known, and for several: such a body is passed on as it came, and no answer.
 */
export function decoderFor(coding: string): Decoder | undefined {
  const name = coding.trim().toLowerCase();
  return Object.hasOwn(decoders, name) ? decoders[name]?.() : undefined;
}
