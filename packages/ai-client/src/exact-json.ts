/** `JSON` with the ECMAScript proposal "JSON.parse source text access", in V8 since 11.4. */
interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}

const json = JSON as unknown as ExactJson;

/** Only a number this long, or with an exponent, can exceed the precision or range of a double. */
const suspect = /\d{16}|\d[eE]/;

/**
 * Parses JSON, preserving numbers that a double cannot hold, such as integers beyond 2^53: they become raw JSON, which `JSON.stringify`
 * writes unchanged. Throws a `SyntaxError` for invalid JSON.
 */
export function parseExactJson(text: string): unknown {
  if (!suspect.test(text)) return JSON.parse(text);
  return json.parse(text, (_name, value, { source }) =>
    source !== undefined && isInexact(value) ? json.rawJSON(source) : value,
  );
}

/** Whether a value is such a number, which looks like an object. */
export function isRawJson(value: unknown): boolean {
  return json.isRawJSON(value);
}

function isInexact(value: unknown): boolean {
  if (typeof value !== 'number') return false;
  return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value));
}
