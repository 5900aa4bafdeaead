import { createHash } from 'node:crypto';

const dimensions = 512;
const lengths = [3, 4, 5];

/**
 * A unit vector from the character n-grams of a text (hashing trick: each adds ±1 at a place that follows from its hash). It stands in
 * for a model where none can be had: like one, it puts texts near each other that are about the same thing in like words, also when one
 * word turns their meaning. Unlike one, it knows no synonyms.
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
