import { randomUUID } from 'node:crypto';
import type { CacheDirectives } from '../cache-directives.js';
import type { ExchangeRequest } from '../exchange.js';
import type { JsonObject } from '../json.js';
import type { Surface } from '../surface.js';
import type { CallOptions } from './ai-client.js';

/** Builds the pipeline request for a call. */
export function callRequest(
  surface: Surface,
  body: JsonObject,
  options: CallOptions,
  cache: CacheDirectives = cacheDirectives(options.cache),
): ExchangeRequest {
  const { signal, timeoutMs, idleTimeoutMs, priority, labels } = options;
  return {
    surface,
    requestId: randomUUID(),
    body: Buffer.from(JSON.stringify(body)),
    cache,
    ...(signal === undefined ? {} : { signal }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(priority === undefined ? {} : { priority }),
    ...(labels === undefined ? {} : { labels }),
  };
}

export function cacheDirectives({
  mode = 'default',
  ttlMs,
  namespace,
  semantic,
  sample,
}: NonNullable<CallOptions['cache']> = {}): CacheDirectives {
  return {
    read: mode === 'default' || mode === 'only-if-cached',
    store: mode === 'default' || mode === 'refresh',
    onlyIfCached: mode === 'only-if-cached',
    ...(ttlMs === undefined ? {} : { ttlMs }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(semantic === undefined ? {} : { semantic }),
    ...(sample === undefined ? {} : { sample }),
  };
}
