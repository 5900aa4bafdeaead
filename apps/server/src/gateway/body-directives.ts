import { type CacheDirectives, withoutMember } from '@ai-toolkit/ai-client';

/** A request, and what it says of the cache. */
export interface DirectedRequest {
  readonly body: Uint8Array;
  readonly cache: CacheDirectives;
}

const memberName = '"cache"';

/**
 * Reads the member `cache` that people send in the body to other gateways: `{"ttl": 60, "no-cache": true, "no-store": true,
 * "namespace": "n"}`, seconds. No provider knows it, so it goes no further. What the headers forbid it does not allow.
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

/** Of what is no object, or no JSON, the call itself says what is wrong with it. */
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
