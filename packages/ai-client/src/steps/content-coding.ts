import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { AiError } from '../errors.js';

/** Longest name of a coding shown in the error, characters. */
const maxShown = 50;

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
 * unknown coding or a combination.
 */
export function decoderFor(coding: string): Decoder | undefined {
  const name = coding.trim().toLowerCase();
  return Object.hasOwn(decoders, name) ? decoders[name]?.() : undefined;
}

/** Whether a body is as it would be without the header. */
export function isIdentity(coding: string): boolean {
  const name = coding.trim().toLowerCase();
  return name === '' || name === 'identity';
}

export function unknownCoding(origin: string, coding: string): AiError {
  return new AiError(
    'AI_RESPONSE_INVALID',
    `${origin} answered in the coding ${JSON.stringify(coding.slice(0, maxShown))}.`,
    {
      hint: 'None was asked for: look for a proxy in front of the provider that encodes what passes through it.',
    },
  );
}
