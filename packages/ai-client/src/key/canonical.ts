import type { JsonValue } from '../json.js';

/** A number that a double cannot hold exactly, kept as it was written. */
class ExactNumber {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

type Parsed = JsonValue | ExactNumber | undefined;

/**
 * Canonical form of a JSON value: object keys sorted by UTF-16 code units, arrays in order, no white space, numbers and
 * strings as `JSON.stringify` writes them (the rules of RFC 8785). Fields of the top object in `excluded` are left out.
 *
 * Integers beyond 2^53 and numbers beyond a double's range are kept as they are written in `source`: read as doubles,
 * two different seeds would make one key.
 */
export function canonicalJson(value: JsonValue, source: string, excluded?: ReadonlySet<string>): string {
  return isExact(value) ? write(value, excluded) : write(parseExactly(source), excluded);
}

function isExact(value: JsonValue | undefined): boolean {
  if (typeof value === 'number') return !isInexactNumber(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isExact);
  for (const name in value) if (!isExact(value[name])) return false;
  return true;
}

function isInexactNumber(value: number): boolean {
  return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
}

function parseExactly(source: string): Parsed {
  // The third argument is the ECMAScript proposal "JSON.parse source text access", in V8 since 11.4.
  const revive = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' && isInexactNumber(value) && context?.source !== undefined
      ? new ExactNumber(context.source)
      : value;
  return JSON.parse(source, revive as (key: string, value: unknown) => unknown) as Parsed;
}

function write(value: Parsed, excluded?: ReadonlySet<string>): string {
  if (value instanceof ExactNumber) return value.source;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item)).join(',')}]`;
  let members = '';
  for (const name of Object.keys(value).sort()) {
    if (excluded?.has(name)) continue;
    members += `${members === '' ? '' : ','}${JSON.stringify(name)}:${write(value[name])}`;
  }
  return `{${members}}`;
}
