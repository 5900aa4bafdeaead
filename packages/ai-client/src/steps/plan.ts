import type { ExchangeRequest } from '../exchange.js';
import type { FlightPlan } from './fly.js';
import { defaultTenant } from './key.js';
import type { ReadRequest } from './read-request.js';

/** What a flight for this request is to fetch, and how its answer is to be kept. */
export function planFlight(
  request: ExchangeRequest,
  { key, adapter, body, provider, model }: ReadRequest,
  idleTimeoutMs: number,
): FlightPlan {
  const { read = true, store = true, onlyIfCached = false, maxAgeMs, ttlMs, namespace } = request.cache ?? {};
  const labels = Object.entries(request.labels ?? {}).map(([name, value]) => `${name}:${value}`);
  return {
    read,
    store,
    onlyIfCached,
    provider,
    model,
    tenant: request.tenant ?? defaultTenant,
    request: body,
    body: adapter.upstreamBody(request.body, body),
    headers: request.headers ?? {},
    // What `clear({ tag })` of the cache can name.
    tags: [`model:${model}`, ...(namespace === undefined ? [] : [`namespace:${namespace}`]), ...labels],
    idleTimeoutMs: request.idleTimeoutMs ?? idleTimeoutMs,
    ...(key === undefined ? {} : { key }),
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    ...(ttlMs === undefined ? {} : { ttlMs }),
  };
}
