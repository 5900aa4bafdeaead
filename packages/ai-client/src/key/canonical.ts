import type { JsonValue } from '../json.js';
import { KnownWords } from '../known-words.js';
import { maxDepth, tooDeep } from './too-deep.js';

/** An integer beyond 2^53, or a number beyond the range of a double, kept as written. */
export class ExactNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }

  /** Makes `JSON.stringify` write it unchanged, using the same proposal as below. */
  toJSON(): unknown {
    return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(this.source);
  }
}

/** Result of `parseExactly`; may contain an `ExactNumber` anywhere. */
export type ExactValue = JsonValue | ExactNumber | undefined;

/**
 * Canonical form of a JSON value: object keys sorted by UTF-16 code units, arrays in order, no white space, numbers and strings as
 * `JSON.stringify` writes them (the rules of RFC 8785). Top-level fields in `excluded` are omitted. Integers beyond 2^53 and numbers beyond
 * a double's range are kept as written in `source`: as doubles, two different seeds could give the same key. Fails with
 * `AI_REQUEST_INVALID` if the value is nested too deeply.
 */
export function canonicalJson(value: JsonValue, source: string, excluded?: ReadonlySet<string>): string {
  return isExact(value, 0) ? canonicalText(value, excluded) : canonicalText(parseExactly(source), excluded);
}

function isExact(value: JsonValue | undefined, depth: number): boolean {
  if (typeof value === 'number') return !isInexactNumber(value);
  if (typeof value !== 'object' || value === null) return true;
  if (depth > maxDepth) throw tooDeep();
  if (Array.isArray(value)) {
    for (const item of value) if (!isExact(item, depth + 1)) return false;
    return true;
  }
  for (const name in value) if (!isExact(value[name], depth + 1)) return false;
  return true;
}

function isInexactNumber(value: number): boolean {
  return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
}

/** Parses JSON, preserving numbers that a double cannot hold. Throws a `SyntaxError`. */
export function parseExactly(source: string): ExactValue {
  // The third argument is the ECMAScript proposal "JSON.parse source text access", in V8 since 11.4.
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && isInexactNumber(value) && context?.source !== undefined
      ? new ExactNumber(context.source)
      : value;
  return JSON.parse(source, revive as (key: string, value: unknown) => unknown) as ExactValue;
}

/** The canonical form of a result of `parseExactly`. */
export function canonicalText(value: ExactValue, excluded?: ReadonlySet<string>): string {
  if (value instanceof ExactNumber) return value.source;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  // Concatenation builds a rope, which the hash flattens once: cheaper than a list of parts. No item's text is ever empty.
  if (Array.isArray(value)) {
    let items = '';
    for (const item of value) items += items === '' ? canonicalText(item) : `,${canonicalText(item)}`;
    return `[${items}]`;
  }
  let members = '';
  for (const name of sortedNames(value)) {
    if (excluded?.has(name)) continue;
    members += `${members === '' ? '' : ','}${names.get(name)}${canonicalText(value[name])}`;
  }
  return `{${members}}`;
}

/** Field names are few, and their JSON is always the same. */
const names = new KnownWords((name) => `${JSON.stringify(name)}:`);

/** Up to this many, insertion sort is cheaper than the copies that `sort` makes. */
const fewNames = 16;

/** The names of an object, sorted by UTF-16 code units. */
function sortedNames(object: object): string[] {
  const names = Object.keys(object);
  if (names.length > fewNames) return names.sort();
  for (let at = 1; at < names.length; at++) {
    const name = names[at] as string;
    let to = at;
    for (; to > 0 && (names[to - 1] as string) > name; to--) names[to] = names[to - 1] as string;
    names[to] = name;
  }
  return names;
}
