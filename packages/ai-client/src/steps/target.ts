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

/** One upstream that may answer a request, and what it is asked. */
export interface Target {
  readonly scope: Scope;
  /** The caller's own key, which stands for the body. */
  readonly ownKey?: string;
  readonly provider: Provider;
  /** The model as this provider names it. */
  readonly model: string;
  /** The request for it, in the wire format of the caller. */
  readonly request: JsonObject;
  /** The same as bytes, where they are others than the caller's own. */
  readonly renamed?: Uint8Array;
  /** The same in the wire format of the provider, where that is another one. */
  readonly translation?: TranslatedRequest;
  /** Why no answer to the request may come from the cache or go there. */
  readonly bypassReason?: string;
  /** Key of its answer; absent on a bypass. */
  readonly key?: string;
  /** Longest silence of this upstream, ms, where the call sets none. */
  readonly idleTimeoutMs?: number;
}

/** A target with the bytes that it is asked, in the wire format of the caller. */
export interface AskedTarget extends Target {
  readonly body: Uint8Array;
}

export function withBody(target: Target, body: Uint8Array): AskedTarget {
  return { ...target, body: target.renamed ?? body };
}

/** A request as it was read. */
export interface Asked {
  readonly exchange: ExchangeRequest;
  readonly adapter: SurfaceAdapter;
  readonly source: string;
  readonly body: JsonObject;
  /** The model as the caller names it. */
  readonly model: string;
}

/** What to ask one upstream. Fails with `AI_REQUEST_INVALID` when its wire format has no words for the request. */
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

/** The request with another model, the rest as the caller wrote it. */
export function rename(source: string, model: string): string {
  return withValue(source, 'model', JSON.stringify(model));
}
