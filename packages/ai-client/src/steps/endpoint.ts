import type { Provider } from '../providers/provider.js';

/** A provider's base URL, taken apart for the transport. */
export interface Endpoint {
  /** Names the server in errors, and is what its breaker goes by. */
  readonly upstream: string;
  readonly origin: string;
  /** Path without a slash at its end. */
  readonly basePath: string;
  /** With its question mark, or empty: `?api-version=…`. It goes behind the path of each surface. */
  readonly query: string;
}

/** Resolves base URLs once each; a provider that is started on demand is started by its first request. */
export function createEndpoints(): (provider: Provider) => Promise<Endpoint> | Endpoint {
  const resolved = new WeakMap<Provider, Promise<Endpoint> | Endpoint>();
  return (provider) => {
    const known = resolved.get(provider);
    if (known !== undefined) return known;
    const endpoint = resolve(provider);
    resolved.set(provider, endpoint);
    endpoint.then(
      (ready) => resolved.set(provider, ready),
      // A start that failed is tried again by the next request.
      () => resolved.delete(provider),
    );
    return endpoint;
  };
}

async function resolve({ name, baseUrl }: Provider): Promise<Endpoint> {
  const { origin, pathname, search } = new URL(typeof baseUrl === 'string' ? baseUrl : await baseUrl());
  const basePath = pathname.replace(/\/+$/, '');
  return { upstream: `${name} at ${origin}${basePath}`, origin, basePath, query: search };
}
