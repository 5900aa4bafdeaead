/** How one request uses the cache. The defaults are those of a request without directives. */
export interface CacheDirectives {
  /** A stored answer may be used. Default true. */
  readonly read?: boolean;
  /** The answer may be stored. Default true. */
  readonly store?: boolean;
  /** Fail with `AI_NOT_CACHED` instead of asking the provider. Default false. */
  readonly onlyIfCached?: boolean;
  /** Maximum age of an acceptable stored answer, ms. Default: no limit beyond the cache's own. */
  readonly maxAgeMs?: number;
  /** Lifetime of the stored answer, ms; 0 stores nothing. Default: the cache's. */
  readonly ttlMs?: number;
  /** How long past its lifetime a stored answer is acceptable if no provider answers, ms. Default: the pipeline's. */
  readonly staleIfErrorMs?: number;
  /** Pause between the events of a stored answer replayed as a stream, ms. Default 0: all at once. */
  readonly replayIntervalMs?: number;
  /** Part of the key: two namespaces never share an answer. */
  readonly namespace?: string;
  /** Replaces the tenant in the key: tenants in the same pool share answers with each other and nobody else. */
  readonly pool?: string;
  /** Replaces the body (apart from its model) in the key, if the caller knows better what makes two requests the same. */
  readonly key?: string;
  /** Accept the answer to a reworded question, if the pipeline's semantic cache is on. Default true. */
  readonly semantic?: boolean;
  /** Part of the key: a different number gets a different answer to the same prompt. Default 0. */
  readonly sample?: number;
}

const directiveHeaders: readonly string[] = [
  'cache-control',
  'x-cache-ttl',
  'x-cache-namespace',
  'x-cache-key',
  'x-cache-semantic',
  'cf-aig-skip-cache',
  'cf-aig-cache-ttl',
  'x-portkey-cache-force-refresh',
];

/** For a request without directives. */
const plain: CacheDirectives = { read: true, store: true, onlyIfCached: false };

type HeaderValues = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Reads the cache directives in request headers (names in lower case): the standard `Cache-Control`, our `x-cache-ttl` (seconds),
 * `x-cache-namespace`, `x-cache-key` and `x-cache-semantic`, and the equivalent headers of other gateways.
 */
export function readCacheDirectives(headers: HeaderValues): CacheDirectives {
  if (!directiveHeaders.some((name) => headers[name] !== undefined)) return plain;
  const control = readCacheControl(text(headers['cache-control']));
  const skip = isTrue(headers['cf-aig-skip-cache']);
  const read = !skip && !control.has('no-cache') && !isTrue(headers['x-portkey-cache-force-refresh']);
  const maxAgeMs = seconds(control.get('max-age'));
  const ttlMs = seconds(text(headers['x-cache-ttl'])) ?? seconds(text(headers['cf-aig-cache-ttl']));
  const namespace = text(headers['x-cache-namespace']);
  const key = text(headers['x-cache-key']);
  const staleIfErrorMs = seconds(control.get('stale-if-error'));
  const semantic = text(headers['x-cache-semantic'])?.trim().toLowerCase() !== 'false';
  return {
    read,
    store: !skip && !control.has('no-store'),
    onlyIfCached: control.has('only-if-cached'),
    ...(semantic ? {} : { semantic }),
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
    ...(ttlMs === undefined ? {} : { ttlMs }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(key === undefined || key === '' ? {} : { key }),
    ...(staleIfErrorMs === undefined ? {} : { staleIfErrorMs }),
  };
}

function readCacheControl(value: string | undefined): Map<string, string> {
  const directives = new Map<string, string>();
  for (const part of value?.split(',') ?? []) {
    const [name = '', argument = ''] = part.split('=', 2);
    if (name.trim() !== '') directives.set(name.trim().toLowerCase(), argument.trim().replaceAll('"', ''));
  }
  return directives;
}

function text(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(', ');
}

function isTrue(value: string | readonly string[] | undefined): boolean {
  return text(value)?.trim().toLowerCase() === 'true';
}

/** Parses a number of seconds and returns ms. Ignores anything else, as RFC 9111 (section 4.2.1) encourages. */
function seconds(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) * 1000 : undefined;
}
