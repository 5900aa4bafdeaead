import type { Provider } from '../providers/provider.js';

/** A provider's base URL, split for the transport. */
export interface Endpoint {
  /** Names the server in errors; key of its circuit breaker. */
  readonly upstream: string;
  readonly origin: string;
  /** Path without a trailing slash. */
  readonly basePath: string;
  /** Including its question mark, or empty: `?api-version=…`. Appended to the path of each surface. */
  readonly query: string;
}

/** Resolves each base URL once; the first request to an on-demand provider starts it. */
export function createEndpoints(): (provider: Provider) => Promise<Endpoint> | Endpoint {
  const resolved = new WeakMap<Provider, Promise<Endpoint> | Endpoint>();
  return (provider) => {
    const known = resolved.get(provider);
    if (known !== undefined) return known;
    const endpoint = resolve(provider);
    resolved.set(provider, endpoint);
    endpoint.then(
      (ready) => resolved.set(provider, ready),
      // After a failed start, the next request tries again.
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
