import { type CacheDirectives, readCacheDirectives } from './cache-directives.js';
import type { FetchRequest } from './fetch-request.js';
import type { Provider } from './providers/provider.js';
import { credentialHeaders } from './steps/key.js';
import type { SurfaceAdapter } from './surfaces/adapter.js';
import { surfaceOfPath } from './surfaces/registry.js';

/** Headers that concern the transport or tracing, and neither the answer nor the cache. */
const ignoredHeaders: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'anthropic-dangerous-direct-browser-access',
  'baggage',
  'connection',
  'content-length',
  'content-type',
  'host',
  'idempotency-key',
  'sec-fetch-mode',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-client-request-id',
  'x-request-id',
]);

/** These describe the caller's SDK and machine. They never change an answer, so they must not change the key. */
const clientPrefix = 'x-stainless-';

/** Headers with cache directives. */
const cacheHeaders: ReadonlySet<string> = new Set([
  'cache-control',
  'cf-aig-cache-ttl',
  'cf-aig-skip-cache',
  'x-cache-key',
  'x-cache-namespace',
  'x-cache-semantic',
  'x-cache-ttl',
  'x-portkey-cache-force-refresh',
]);

/** What the URL and headers of a request determine. */
export interface FetchCaller {
  readonly adapter: SurfaceAdapter;
  readonly provider: Provider;
  readonly headers: Readonly<Record<string, string>>;
  readonly cache: CacheDirectives;
}

/** Callers remembered; an application has only a few. */
const maxCallers = 256;

/**
 * Reads the URL and headers; `undefined` for a URL that is not a known endpoint. Memoised, since an SDK sends the same headers each time.
 */
export function createCallerReader(
  configured: readonly Provider[],
): (request: FetchRequest) => FetchCaller | undefined {
  const known = new Map<string, FetchCaller | undefined>();
  return ({ url, headers }) => {
    let words = url;
    // Neither names nor values can contain a line feed.
    for (const [name, value] of headers) if (tells(name)) words += `\n${name}\n${value}`;
    if (known.has(words)) return known.get(words);
    if (known.size >= maxCallers) known.clear();
    const telling = Object.fromEntries([...headers].filter(([name]) => tells(name)));
    const caller = readCaller(new URL(url), telling, configured);
    known.set(words, caller);
    return caller;
  };
}

/** Whether a header may affect the answer or the cache, or identifies the caller. */
function tells(name: string): boolean {
  return !ignoredHeaders.has(name) && !name.startsWith(clientPrefix);
}

function readCaller(
  url: URL,
  headers: Readonly<Record<string, string>>,
  configured: readonly Provider[],
): FetchCaller | undefined {
  const adapter = surfaceOfPath(url.pathname);
  // `fetch` itself rejects URLs with a user name and password.
  if (adapter === undefined || url.username + url.password !== '') return undefined;
  const selecting = Object.entries(headers).filter(
    ([name]) => !cacheHeaders.has(name) && !credentialHeaders.has(name),
  );
  return {
    adapter,
    provider: providerAt(url, adapter, headers, configured),
    headers: Object.fromEntries(selecting),
    cache: readCacheDirectives(headers),
  };
}

/** The server that the caller's SDK points at, as a provider with the caller's credentials. */
function providerAt(
  url: URL,
  adapter: SurfaceAdapter,
  headers: Readonly<Record<string, string>>,
  configured: readonly Provider[],
): Provider {
  const base = url.origin + url.pathname.slice(0, -adapter.path.length);
  const known = configured.find((provider) => provider.baseUrl === base);
  const credentials = Object.entries(headers).filter(([name]) => credentialHeaders.has(name));
  // The query selects what answers (`?api-version=…` of Azure), so it is sent along and is part of the key.
  return {
    name: known?.name ?? url.host,
    baseUrl: base + url.search,
    headers: Object.fromEntries(credentials),
    ...(known?.speaks === undefined ? {} : { speaks: known.speaks }),
    ...(known?.omitsFinishReason === undefined ? {} : { omitsFinishReason: known.omitsFinishReason }),
  };
}
