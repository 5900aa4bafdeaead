import { hash } from 'node:crypto';
import { AiError } from '../errors.js';
import type { ExchangeRequest } from '../exchange.js';
import { isSecretHeader } from '../explain/secrets.js';
import type { JsonObject } from '../json.js';
import { canonicalJson } from '../key/canonical.js';
import type { Provider } from '../providers/provider.js';
import type { Surface } from '../surface.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';

/** Bump when the meaning of a key or an entry changes, so that versions never misread each other's entries. */
const schemaVersion = 2;

export const defaultTenant = 'default';

/** These say who pays, and are not part of the request. */
export const credentialHeaders: ReadonlySet<string> = new Set(['authorization', 'x-api-key', 'api-key']);

/** Headers that only select the account to bill. */
const accountHeaders: ReadonlySet<string> = new Set(['openai-organization', 'openai-project']);

/** Whether a header only says who asks or who pays. */
export function isAccountHeader(name: string): boolean {
  return accountHeaders.has(name) || isSecretHeader(name);
}

/** The parts of a request that make up its scope. */
type Asker = Pick<ExchangeRequest, 'surface' | 'headers' | 'provider' | 'tenant' | 'cache'>;

/**
 * The cache key of a request: SHA-256 in hex over its canonical form. Every field of the body counts, except the few that the surface
 * excludes. Two requests share a key only if they go to the same provider and base URL with the same headers, tenant and, if the caller
 * brought its own, credentials. `ownKey` replaces the body, apart from its model.
 */
export function requestKey(
  scope: Scope,
  ownKey: string | undefined,
  body: JsonObject,
  source: string,
  adapter: SurfaceAdapter,
): string {
  // Two concatenated JSON documents: neither can imitate members of the other.
  const asked =
    ownKey === undefined
      ? canonicalJson(body, source, adapter.keyExclusions)
      : JSON.stringify([body.model, ownKey]);
  return hash('sha256', scope.text + asked, 'hex');
}

/** The parts of the key besides the body. */
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
  /** Hash of the caller's own credentials; `null` if only the pipeline's are used. */
  readonly credentials: string | null;
  /** All of the above as JSON. */
  readonly text: string;
}

/** Scopes remembered per provider: there may be one per tenant. */
const maxScopes = 1000;

/** Scopes of requests without headers or directives that enter the scope: they differ only by surface, tenant and provider. */
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
  // The tenant last: its name may contain anything, and must not be taken for the rest.
  const name = `${surface} ${request.provider === undefined ? 'routed' : 'own'} ${tenant}`;
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

/** Longest namespace, characters: each stored answer has it as a tag. */
const maxNamespaceLength = 256;

function namespaceOf({ cache }: Asker): string | null {
  const namespace = cache?.namespace ?? null;
  if (namespace === null || namespace.length <= maxNamespaceLength) return namespace;
  throw new AiError('AI_REQUEST_INVALID', `The cache namespace has ${namespace.length} characters.`, {
    hint: `Use at most ${maxNamespaceLength}.`,
  });
}

/** Members are in a fixed order, so that the key needs no sorting. */
function makeScope(request: Asker, provider: Provider): Scope {
  const pool = request.cache?.pool;
  const scope = {
    version: schemaVersion,
    surface: request.surface,
    provider: provider.name,
    baseUrl: provider.identity ?? (typeof provider.baseUrl === 'string' ? provider.baseUrl : provider.name),
    speaks: provider.speaks ?? null,
    // The prefix and the extra member keep any tenant name from being mistaken for a pool.
    ...(pool === undefined
      ? { tenant: request.tenant ?? defaultTenant }
      : { tenant: `pool ${pool}`, pooled: true }),
    namespace: namespaceOf(request),
    headers: selectingHeaders(request, provider),
    sample: request.cache?.sample ?? 0,
    credentials: credentialScope(request, provider),
  };
  return { ...scope, text: JSON.stringify(scope) };
}

/** As they are sent: the provider's own take precedence. */
function selectingHeaders({ headers }: Asker, provider: Provider): [name: string, value: string][] {
  const configured = Object.entries(provider.headers ?? {}).filter(([name]) => !isAccountHeader(name));
  return Object.entries({ ...headers, ...Object.fromEntries(configured) })
    .filter(([name]) => !credentialHeaders.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/**
 * A caller with its own provider (as with `fetch`), or with credentials among its headers, shares answers only with callers that have the
 * same credentials. Hashed, so that the secret does not leak where the scope is shown, such as an explanation.
 */
function credentialScope({ headers, provider: own }: Asker, provider: Provider): string | null {
  // As they are sent: the provider's own take precedence.
  const sent = Object.entries({ ...headers, ...provider.headers });
  const isConfigured = (name: string): boolean =>
    own === undefined && Object.hasOwn(provider.headers ?? {}, name);
  const credentials = sent.filter(([name]) => credentialHeaders.has(name) && !isConfigured(name));
  if (own === undefined && credentials.length === 0) return null;
  return hash('sha256', JSON.stringify(credentials.sort()), 'hex');
}
