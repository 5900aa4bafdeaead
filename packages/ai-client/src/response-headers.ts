/** Headers of a response, names in lower case. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Not forwarded: headers that concern the provider's connection, its encoding of the body, or its own site (for browsers and proxies), and
 * our own response headers, which a provider behind another such pipeline also sends.
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

/** The provider's headers to forward to the caller, one value each. */
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
  // CORS is between a browser and the server it calls; `x-accel-` instructs an nginx in front.
  return withheld.has(name) || name.startsWith('access-control-') || name.startsWith('x-accel-');
}

/** Hop-by-hop headers listed by `Connection` (RFC 9110, section 7.6.1). Its value is nearly always `keep-alive` or `close`. */
function namedByConnection(value: string | undefined): readonly string[] | undefined {
  if (value === undefined || value === 'keep-alive' || value === 'close') return undefined;
  return value.toLowerCase().split(/[\s,]+/);
}

/** The value of a header; several lines are joined according to RFC 9110 (section 5.3). */
export function singleHeader(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
