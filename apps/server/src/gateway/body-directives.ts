import { type CacheDirectives, withoutMember } from '@ai-toolkit/ai-client';

/** A request body and the cache directives of the request. */
export interface DirectedRequest {
  readonly body: Uint8Array;
  readonly cache: CacheDirectives;
}

const memberName = '"cache"';

/**
 * Reads the member `cache` known from other gateways: `{"ttl": 60, "no-cache": true, "no-store": true, "namespace": "n"}`, `ttl` in
 * seconds. It is removed, since no provider knows it. It cannot allow what the headers forbid.
 */
export function readBodyDirectives(body: Uint8Array, headers: CacheDirectives): DirectedRequest {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const asked = { body, cache: headers };
  if (!bytes.includes(memberName)) return asked;
  const source = bytes.toString();
  const wishes = wishesOf(source);
  if (wishes === undefined) return asked;
  const { ttl, namespace } = wishes;
  return {
    body: Buffer.from(withoutMember(source, 'cache')),
    cache: {
      ...(typeof ttl === 'number' && ttl >= 0 ? { ttlMs: ttl * 1000 } : {}),
      ...(typeof namespace === 'string' ? { namespace } : {}),
      ...headers,
      read: headers.read !== false && wishes['no-cache'] !== true,
      store: headers.store !== false && wishes['no-store'] !== true,
    },
  };
}

/** Undefined for a body that is not a JSON object, which the pipeline then refuses. */
function wishesOf(source: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const body: unknown = JSON.parse(source);
    if (typeof body !== 'object' || body === null || Array.isArray(body) || !('cache' in body))
      return undefined;
    const { cache } = body;
    const isObject = typeof cache === 'object' && cache !== null && !Array.isArray(cache);
    return isObject ? (cache as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
