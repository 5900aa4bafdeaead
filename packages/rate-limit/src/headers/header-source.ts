/** Headers as provided by `fetch`, undici or node:http. */
export type HeaderSource =
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Reads one header by its lower-case name; `undefined` if it is absent or empty. */
export type HeaderLookup = (name: string) => string | undefined;

export function headerLookup(headers: HeaderSource): HeaderLookup {
  if (hasGet(headers)) return (name) => headers.get(name)?.trim() || undefined;
  const named = Object.keys(headers).some((name) => UPPER_CASE.test(name)) ? inLowerCase(headers) : headers;
  return (name) => {
    const value = named[name];
    return (typeof value === 'string' ? value : value?.[0])?.trim() || undefined;
  };
}

/** Node and undici provide names in lower case; then nothing has to be copied. */
const UPPER_CASE: RegExp = /[A-Z]/;

type PlainHeaders = Exclude<HeaderSource, { get(name: string): unknown }>;

function inLowerCase(headers: PlainHeaders): PlainHeaders {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function hasGet(headers: HeaderSource): headers is { get(name: string): string | null | undefined } {
  return typeof headers.get === 'function';
}
