import { createRandom, seedOf } from '../random.js';

/** How many places of the vector one word moves. */
const PLACES_PER_WORD = 8;
/** Weight of a word's beginning, so that "tide" and "tides" are near each other. */
const STEM_WEIGHT = 0.5;
const STEM_LENGTH = 4;

/**
 * A unit vector from the words of a text (hashing trick): each word adds ±1 at a few places that follow
 * from its hash, so texts that share words point in similar directions. The same text gives the same vector.
 */
export function embed(text: string, dimensions: number, seed: number): Float32Array<ArrayBuffer> {
  const vector = new Float32Array(dimensions);
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text];
  const weights = new Map<string, number>();
  for (const word of words) {
    weights.set(word, (weights.get(word) ?? 0) + 1);
    if (word.length > STEM_LENGTH) {
      const stem = `${word.slice(0, STEM_LENGTH)}*`;
      weights.set(stem, (weights.get(stem) ?? 0) + STEM_WEIGHT);
    }
  }
  for (const [word, count] of weights) addWord(vector, word, Math.sqrt(count), seed);
  return normalised(vector);
}

function addWord(vector: Float32Array, word: string, weight: number, seed: number): void {
  const random = createRandom(seedOf(`${seed} ${word}`));
  for (let place = 0; place < PLACES_PER_WORD; place += 1) {
    const index = Math.floor(random() * vector.length);
    vector[index] = (vector[index] ?? 0) + (random() < 0.5 ? -weight : weight);
  }
}

function normalised(vector: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares);
  if (length === 0) {
    vector[0] = 1;
    return vector;
  }
  return vector.map((value) => value / length);
}
