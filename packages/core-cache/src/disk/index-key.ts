import { digest } from './physical-key.js';

/** Hexadecimal digits: 12 bits of the namespace, 40 of the key. Together they stay below 2^53. */
const NAMESPACE_DIGITS = 3;
const KEY_DIGITS = 10;
const KEYS_PER_NAMESPACE: number = 16 ** KEY_DIGITS;

let lastNamespace: string | undefined;
let lastDigits = '';

/**
 * The key of an entry in the index: short, so that many fit in a page. Two entries with the same index key are told apart by their records;
 * the later replaces the earlier, which happens to one in a million in a namespace of a million entries. Entries of a namespace are
 * adjacent.
 */
export function indexKey(namespace: string, key: string): number {
  return Number.parseInt(digitsOf(namespace) + digest(key).slice(0, KEY_DIGITS), 16);
}

/** The part of the index that holds a namespace and possibly a few others: start inclusive, end exclusive. */
export function indexRange(namespace: string): { start: number; end: number } {
  const first = Number.parseInt(digitsOf(namespace), 16) * KEYS_PER_NAMESPACE;
  return { start: first, end: first + KEYS_PER_NAMESPACE };
}

function digitsOf(namespace: string): string {
  if (namespace === lastNamespace) return lastDigits;
  lastNamespace = namespace;
  lastDigits = digest(namespace).slice(0, NAMESPACE_DIGITS);
  return lastDigits;
}
