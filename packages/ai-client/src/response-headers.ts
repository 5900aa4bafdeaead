/** Headers of a response, names in lower case. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Headers that belong to one connection or one encoding of the body, or that would set state at the caller. */
const withheld: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'date',
  'keep-alive',
  'proxy-authenticate',
  'server',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The provider's headers that concern the caller, one value each. */
export function callerHeaders(headers: ResponseHeaders): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name in headers) {
    const value = singleHeader(headers, name);
    if (value !== undefined && !withheld.has(name)) result[name] = value;
  }
  return result;
}

/** The value of a header; several lines are joined as RFC 9110 (section 5.3) has it. */
export function singleHeader(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
