/** Headers as `fetch`, undici or node:http give them. */
export type HeaderSource =
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** Reads one header by its lower-case name; `undefined` when it is absent or empty. */
export type HeaderLookup = (name: string) => string | undefined;

/** Only these are kept of a plain object, which may hold many more. */
const RELEVANT: RegExp = /^(?:date|retry-after|.*ratelimit.*|.*retry-after-ms)$/i;

export function headerLookup(headers: HeaderSource): HeaderLookup {
  if (hasGet(headers)) return (name) => headers.get(name)?.trim() || undefined;
  const kept = new Map<string, string>();
  for (const name of Object.keys(headers)) {
    if (!RELEVANT.test(name)) continue;
    const value = headers[name];
    const first = typeof value === 'string' ? value : value?.[0];
    if (first !== undefined && first.trim() !== '') kept.set(name.toLowerCase(), first.trim());
  }
  return (name) => kept.get(name);
}

function hasGet(headers: HeaderSource): headers is { get(name: string): string | null | undefined } {
  return typeof headers.get === 'function';
}
