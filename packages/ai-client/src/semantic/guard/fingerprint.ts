import { hash } from 'node:crypto';
import { tokensOf } from './tokens.js';
import { aboutWording, freeWords, numberWords, sameWords } from './word-lists.js';

/** Bump when the meaning of a fingerprint changes. */
const version = 2;

/**
 * Hash of what must be equal in two texts before their vectors are compared; `undefined` if nothing significant is left. A vector captures
 * what a text is about, but not what it says: "at 5 pm" and "at 6 pm", "safe" and "not safe", "to Lima" and "to Lyon" are close neighbours
 * in every model. The text itself is not kept.
 */
export function fingerprint(text: string): string | undefined {
  const pieces = essence(text);
  // A text of free words alone, such as "is there any?", has no meaning by itself.
  if (pieces.every((piece) => piece === '=yes or no')) return undefined;
  return hash('sha256', JSON.stringify([version, ...pieces]), 'hex');
}

/**
 * The pieces of a text that must be equal, in order. By exclusion, like a cache key: every word counts except a short list of English words
 * without meaning of their own. So numbers, dates, units, names in any case, negations, opposites, quotations, code and language are
 * guarded without listing them, even in languages that the lists do not cover.
 */
export function essence(text: string): string[] {
  if (aboutWording.test(text)) return text.split(/\s+/).filter((part) => part !== '');
  return tokensOf(text).flatMap(({ kind, text: piece, isName }) => {
    if (kind === 'literal') return [`=${piece}`];
    return partsOf(piece).flatMap((part) => {
      const counted = numberWords.get(part);
      if (counted !== undefined) return [`=${counted}`];
      return freeWords.has(part) && !isName ? [] : [plainest(part)];
    });
  });
}

/** Splits a contraction; removes the ending of a possessive. */
function partsOf(word: string): string[] {
  if (word === "won't") return ['will', 'not'];
  if (word === "can't" || word === 'cannot') return ['can', 'not'];
  if (word.endsWith("n't")) return [word.slice(0, -3), 'not'];
  const [, stem = word, ending] = /^(.+)'(s|re|ve|d|m|ll)$/.exec(word) ?? [];
  return ending === 'll' ? [stem, 'will'] : [stem.replaceAll("'", '')];
}

/** Normalises a synonym to its canonical word, and a plural to its singular. */
function plainest(word: string): string {
  const singular = toSingular(word);
  return sameWords.get(word) ?? sameWords.get(singular) ?? singular;
}

function toSingular(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(?:ch|sh|ss|x)es$/.test(word)) return word.slice(0, -2);
  return word.length > 3 && /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}
