import type { CacheDirectives } from '../cache-directives.js';
import { parseExactJson } from '../exact-json.js';
import type { ExchangeRequest } from '../exchange.js';
import { type JsonObject, parseJsonObject } from '../json.js';
import { withValue } from '../json-member.js';
import type { Mutable } from '../mutable.js';
import type { Provider } from '../providers/provider.js';
import { inWordsOf } from '../routing/model-words.js';
import type { Upstream } from '../routing/router.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { messagesSurface } from '../surfaces/messages.js';
import { chatRequestToMessages, type TranslatedRequest } from '../translate/chat-request.js';
import { requestKey, type Scope, scopeOf } from './key.js';

/** One upstream that may answer a request, and what to send it. */
export interface Target {
  readonly scope: Scope;
  /** The caller's own key, which replaces the body. */
  readonly ownKey?: string;
  readonly provider: Provider;
  /** The model as this provider names it. */
  readonly model: string;
  /** The request to it, in the wire format of the caller. */
  readonly request: JsonObject;
  /** The same as bytes, if they differ from the caller's. */
  readonly renamed?: Uint8Array;
  /** The same in the wire format of the provider, if that differs. */
  readonly translation?: TranslatedRequest;
  /** Why the request bypasses the cache. */
  readonly bypassReason?: string;
  /** Cache key of the answer; absent on a bypass. */
  readonly key?: string;
  /** Longest silence of this upstream, ms, if the call sets none. */
  readonly idleTimeoutMs?: number;
}

/** A target with the request bytes, in the wire format of the caller. */
export interface AskedTarget extends Target {
  readonly body: Uint8Array;
}

export function withBody(target: Target, body: Uint8Array): AskedTarget {
  return { ...target, body: target.renamed ?? body };
}

/** A parsed request. */
export interface Asked {
  readonly exchange: ExchangeRequest;
  readonly adapter: SurfaceAdapter;
  readonly source: string;
  readonly body: JsonObject;
  /** The model as the caller names it. */
  readonly model: string;
}

/** What to send one upstream. Fails with `AI_REQUEST_INVALID` if its wire format cannot express the request. */
export function targetFor(asked: Asked, { provider, model, idleTimeoutMs }: Upstream): Target {
  const { exchange, adapter } = asked;
  const isRenamed = model !== asked.model;
  const [source, request] = isRenamed ? renamedRequest(asked, model) : [asked.source, asked.body];
  const translation =
    adapter.surface === 'chat' && provider.speaks === 'messages'
      ? chatRequestToMessages(parseJsonObject(source, parseExactJson) ?? request)
      : undefined;
  const scope = scopeOf(exchange, provider);
  const ownKey = exchange.cache?.key;
  const bypass = bypassReason(exchange.cache, adapter, request, translation);
  const key = bypass === undefined ? requestKey(scope, ownKey, request, source, adapter) : undefined;
  const target: Mutable<Target> = { scope, provider, model, request };
  if (ownKey !== undefined) target.ownKey = ownKey;
  if (isRenamed) target.renamed = Buffer.from(source);
  if (translation !== undefined) target.translation = translation;
  if (bypass !== undefined) target.bypassReason = bypass;
  if (key !== undefined) target.key = key;
  if (idleTimeoutMs !== undefined) target.idleTimeoutMs = idleTimeoutMs;
  return target;
}

function bypassReason(
  cache: CacheDirectives | undefined,
  adapter: SurfaceAdapter,
  request: JsonObject,
  translation: TranslatedRequest | undefined,
): string | undefined {
  const { read = true, store = true, onlyIfCached = false } = cache ?? {};
  if (!read && !store && !onlyIfCached) return 'the caller neither reads nor stores';
  const reason = adapter.bypassReason(request);
  if (reason !== undefined || translation === undefined) return reason;
  return messagesSurface.bypassReason(translation.body);
}

function renamedRequest({ source, body, adapter }: Asked, model: string): readonly [string, JsonObject] {
  const renamed = rename(source, model);
  const request = { ...body, model };
  return adapter.surface === 'chat' ? inWordsOf(model, renamed, request) : [renamed, request];
}

/** Changes the model in a request; leaves the rest as the caller wrote it. */
export function rename(source: string, model: string): string {
  return withValue(source, 'model', JSON.stringify(model));
}
