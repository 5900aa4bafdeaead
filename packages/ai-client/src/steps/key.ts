import { hash } from 'node:crypto';
import type { ExchangeRequest } from '../exchange.js';
import type { JsonObject } from '../json.js';
import { canonicalJson } from '../key/canonical.js';
import type { Provider } from '../providers/provider.js';
import type { Surface } from '../surface.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';

/** Changes with the meaning of a key or of an entry, so that no version reads what another one meant otherwise. */
const schemaVersion = 2;

export const defaultTenant = 'default';

/** They say who pays, and are no part of what is asked. */
export const credentialHeaders: ReadonlySet<string> = new Set(['authorization', 'x-api-key', 'api-key']);

/** What of a request is part of its scope. */
type Asker = Pick<ExchangeRequest, 'surface' | 'headers' | 'provider' | 'tenant' | 'cache'>;

/**
 * The cache key of a request: SHA-256 in hex over its canonical form. By exclusion: whatever the body holds changes the
 * key, except the few fields that the surface lists. Two requests share a key only if they ask the same provider at
 * the same base URL with the same headers, for the same tenant, with the same credentials when they brought their own.
 * `ownKey` stands for the body, apart from its model.
 */
export function requestKey(
  scope: Scope,
  ownKey: string | undefined,
  body: JsonObject,
  source: string,
  adapter: SurfaceAdapter,
): string {
  // Two JSON documents, one after the other: neither can imitate the other's members.
  const asked =
    ownKey === undefined
      ? canonicalJson(body, source, adapter.keyExclusions)
      : JSON.stringify([body.model, ownKey]);
  return hash('sha256', scope.text + asked, 'hex');
}

/** What of a request is part of its key beside the body. */
export interface Scope {
  readonly version: number;
  readonly surface: Surface;
  readonly provider: string;
  readonly baseUrl: string;
  readonly speaks: string | null;
  readonly tenant: string;
  readonly namespace: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly sample: number;
  /** Hash of the credentials that the caller brought; `null` when the pipeline's own are used. */
  readonly credentials: string | null;
  /** All of the above as JSON. */
  readonly text: string;
}

/** Scopes of one provider that are remembered: there may be as many as tenants. */
const maxScopes = 1000;

/** Scopes of plain requests, which have no headers or wishes of their own: they differ by surface, tenant and provider alone. */
const plainScopes: WeakMap<Provider, Map<string, Scope>> = new WeakMap();

/** The scope of a request at a provider. */
export function scopeOf(request: Asker, provider: Provider): Scope {
  const { headers, cache, surface, tenant = defaultTenant } = request;
  const plain =
    !hasMembers(headers) &&
    cache?.namespace === undefined &&
    cache?.sample === undefined &&
    cache?.pool === undefined;
  if (!plain) return makeScope(request, provider);
  const name = `${surface}${request.provider === undefined ? ' ' : ' own '}${tenant}`;
  const scopes = plainScopes.get(provider);
  const known = scopes?.get(name);
  if (known !== undefined) return known;
  const scope = makeScope(request, provider);
  if (scopes === undefined || scopes.size >= maxScopes) plainScopes.set(provider, new Map([[name, scope]]));
  else scopes.set(name, scope);
  return scope;
}

function hasMembers(headers: Readonly<Record<string, string>> | undefined): boolean {
  for (const _name in headers) return true;
  return false;
}

/** Members in a fixed order, so that no sorting is needed to make a key of them. */
function makeScope(request: Asker, provider: Provider): Scope {
  const pool = request.cache?.pool;
  const scope = {
    version: schemaVersion,
    surface: request.surface,
    provider: provider.name,
    baseUrl: provider.identity ?? (typeof provider.baseUrl === 'string' ? provider.baseUrl : provider.name),
    speaks: provider.speaks ?? null,
    // A name of its own, and a member that no tenant has: none can be named so as to be taken for a pool.
    ...(pool === undefined
      ? { tenant: request.tenant ?? defaultTenant }
      : { tenant: `pool ${pool}`, pooled: true }),
    namespace: request.cache?.namespace ?? null,
    headers: selectingHeaders(request.headers),
    sample: request.cache?.sample ?? 0,
    credentials: request.provider === undefined ? null : credentialScope(provider),
  };
  return { ...scope, text: JSON.stringify(scope) };
}

function selectingHeaders(headers: Readonly<Record<string, string>> = {}): [name: string, value: string][] {
  return Object.entries(headers)
    .filter(([name]) => !credentialHeaders.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * A caller who brings a provider of their own (the `fetch` face) shares answers only with the same credentials. The hash keeps
 * the secret out of the hashed text's other uses, such as an explanation.
 */
function credentialScope(provider: Provider): string {
  const credentials = Object.entries(provider.headers ?? {}).filter(([name]) => credentialHeaders.has(name));
  return hash('sha256', JSON.stringify(credentials.sort()), 'hex');
}
