import { createHash } from 'node:crypto';

const dimensions = 512;
const lengths = [3, 4, 5];

/**
 * A unit vector from the character n-grams of a text (hashing trick: each adds ±1 at an index derived from its hash). A stand-in where no
 * embedding model is available: like one, it places texts on the same subject in similar words close together, even if one word inverts
 * their meaning. Unlike one, it knows no synonyms.
 */
export function ngramEmbedding(text: string): Float32Array {
  const vector = new Float32Array(dimensions);
  const padded = ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
  for (const length of lengths) {
    for (let at = 0; at + length <= padded.length; at++) {
      const digest = createHash('md5')
        .update(padded.slice(at, at + length))
        .digest();
      const place = digest.readUInt32LE(0) % dimensions;
      vector[place] = (vector[place] ?? 0) + ((digest[4] ?? 0) % 2 === 0 ? 1 : -1);
    }
  }
  const norm = Math.hypot(...vector);
  return norm === 0 ? vector : vector.map((value) => value / norm);
}
