import type { Provider } from '../providers/provider.js';

/** A provider's base URL, taken apart for the transport. */
export interface Endpoint {
  readonly origin: string;
  /** Path without a slash at its end. */
  readonly basePath: string;
  /** With its question mark, or empty: `?api-version=…`. It goes behind the path of each surface. */
  readonly query: string;
}

/** Resolves base URLs once each; a provider that is started on demand is started by its first request. */
export function createEndpoints(): (provider: Provider) => Promise<Endpoint> {
  const resolved = new WeakMap<Provider, Promise<Endpoint>>();
  return (provider) => {
    const known = resolved.get(provider);
    if (known !== undefined) return known;
    const endpoint = resolve(provider);
    resolved.set(provider, endpoint);
    // A start that failed is tried again by the next request.
    endpoint.catch(() => resolved.delete(provider));
    return endpoint;
  };
}

async function resolve({ baseUrl }: Provider): Promise<Endpoint> {
  const url = new URL(typeof baseUrl === 'string' ? baseUrl : await baseUrl());
  return { origin: url.origin, basePath: url.pathname.replace(/\/+$/, ''), query: url.search };
}
