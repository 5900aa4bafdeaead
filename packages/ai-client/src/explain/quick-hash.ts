import { crc32 } from 'node:zlib';
import type { JsonObject, JsonValue } from '../json.js';

/**
 * Short hashes of JSON values, 32 bits, for diagnosis only: fast rather than secure. Equal values have equal hashes, whatever the order of
 * their fields. The hash of a list or an object can be computed from those of its parts, so that a value stored as one hash can be compared
 * with one stored in parts.
 */

/** Length from which the native checksum is faster than a loop, characters. */
const nativeFrom = 160;
const fnvOffset = 0x811c9dc5;
const fnvPrime = 0x01000193;

/** FNV-1a over UTF-16 code units; for long texts CRC-32 of their UTF-8. */
export function hashText(text: string): number {
  if (text.length >= nativeFrom) return crc32(text);
  let state = fnvOffset;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), fnvPrime);
  return state >>> 0;
}

/** Hash of a number, a boolean or `null`: that of its text, modified so that `1` differs from `"1"`. */
export function hashScalar(value: number | boolean | null): number {
  return (hashText(String(value)) ^ 0x5bd1e995) >>> 0;
}

export function hashValue(value: JsonValue | undefined): number {
  if (typeof value === 'string') return hashText(value);
  if (typeof value !== 'object' || value === null) return hashScalar(value ?? null);
  return Array.isArray(value) ? hashList(value, hashValue) : hashObject(value, hashValue);
}

export function hashList(items: readonly JsonValue[], hashItem: (item: JsonValue) => number): number {
  let state = 0x9747b28c;
  for (const item of items) state = mix(state, hashItem(item));
  return state;
}

/** A sum, which does not depend on the order of the fields, so that nothing has to be sorted. */
export function hashObject(object: JsonObject, hashMember: (value: JsonValue | undefined) => number): number {
  let state = 0x3c6ef372;
  for (const name in object) state = (state + mix(hashText(name), hashMember(object[name]))) >>> 0;
  return state;
}

function mix(a: number, b: number): number {
  const state = Math.imul(a ^ (b >>> 15), 0x85ebca6b) ^ Math.imul(b, 0xc2b2ae35);
  return (state ^ (state >>> 13)) >>> 0;
}
