/** `JSON` with the ECMAScript proposal "JSON.parse source text access", in V8 since 11.4. */
interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): object;
}

const json = JSON as unknown as ExactJson;

/** Only a number this long, or with an exponent, can be more than a double holds. */
const suspect = /\d{16}|\d[eE]/;

/**
 * Parses JSON, and keeps a number that a double cannot hold, such as an integer beyond 2^53, as it is written: as raw JSON, which
 * `JSON.stringify` writes as it came. Throws a `SyntaxError` for what is no JSON.
 */
export function parseExactJson(text: string): unknown {
  if (!suspect.test(text)) return JSON.parse(text);
  return json.parse(text, (_name, value, { source }) =>
    source !== undefined && isInexact(value) ? json.rawJSON(source) : value,
  );
}

function isInexact(value: unknown): boolean {
  if (typeof value !== 'number') return false;
  return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
}
