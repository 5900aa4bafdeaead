/** Headers of a response, names in lower case. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * What a provider says of one connection, of one encoding of the body, or of its own site to browsers and proxies: none of it holds for
 * who gets the answer from us. And what we say of an answer in names of our own, which a provider behind another such pipeline says too.
 */
const withheld: ReadonlySet<string> = new Set([
  'accept-ranges',
  'age',
  'alt-svc',
  'clear-site-data',
  'connection',
  'content-digest',
  'content-encoding',
  'content-length',
  'content-md5',
  'content-security-policy',
  'date',
  'digest',
  'etag',
  'keep-alive',
  'last-modified',
  'location',
  'nel',
  'proxy-authenticate',
  'refresh',
  'report-to',
  'reporting-endpoints',
  'repr-digest',
  'server',
  'set-cookie',
  'strict-transport-security',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-attempts',
  'x-cache',
  'x-cache-key',
  'x-cache-similarity',
  'x-cache-ttl',
  'x-cost-usd',
  'x-overhead-ms',
]);

/** The provider's headers that concern the caller, one value each. */
export function callerHeaders(headers: ResponseHeaders): Record<string, string> {
  const result: Record<string, string> = {};
  const ofConnection = namedByConnection(singleHeader(headers, 'connection'));
  for (const name in headers) {
    if (isWithheld(name) || ofConnection?.includes(name)) continue;
    const value = singleHeader(headers, name);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function isWithheld(name: string): boolean {
  // Who may read it in a browser, and orders to an nginx in front.
  return withheld.has(name) || name.startsWith('access-control-') || name.startsWith('x-accel-');
}

/** Headers that are of this connection alone because it says so (RFC 9110, section 7.6.1). Nearly always, it says one word of its own. */
function namedByConnection(value: string | undefined): readonly string[] | undefined {
  if (value === undefined || value === 'keep-alive' || value === 'close') return undefined;
  return value.toLowerCase().split(/[\s,]+/);
}

/** The value of a header; several lines are joined as RFC 9110 (section 5.3) has it. */
export function singleHeader(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
