import type { IncomingMessage } from 'node:http';
import { type ExchangeRequest, readCacheDirectives, type Surface } from '@ai-toolkit/ai-client';
import type { GatewayKey } from '@ai-toolkit/gateway-keys';
import { readBodyDirectives } from './body-directives.js';
import { passedHeaders } from './passed-headers.js';

/** A request that has passed authentication and the limits of its key. */
export interface AdmittedRequest {
  readonly surface: Surface;
  readonly request: IncomingMessage;
  readonly body: Uint8Array;
  readonly requestId: string;
  /** `undefined` for a caller without a key. */
  readonly key: GatewayKey | undefined;
  readonly noteUsage: NonNullable<ExchangeRequest['noteUsage']>;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Builds the pipeline's request. Assigns member by member, which is cheaper than spreading on this hot path. */
export function exchangeRequest(admitted: AdmittedRequest): ExchangeRequest {
  const { surface, request, body, requestId, key, noteUsage } = admitted;
  const { headers } = request;
  const directed = readBodyDirectives(body, readCacheDirectives(headers));
  const asked: Mutable<ExchangeRequest> = {
    surface,
    body: directed.body,
    requestId,
    headers: passedHeaders(request, key),
    cache: directed.cache,
    eventIds: true,
    noteUsage,
  };
  const { traceparent, tracestate, 'last-event-id': lastEventId } = headers;
  if (typeof lastEventId === 'string' && lastEventId !== '') asked.lastEventId = lastEventId;
  // The W3C trace context of the caller.
  if (typeof traceparent === 'string')
    asked.trace = typeof tracestate === 'string' ? { traceparent, tracestate } : { traceparent };
  if (key === undefined) return asked;
  asked.tenant = key.tenant;
  asked.labels = { key: key.id };
  // Shares stored answers with all keys of the same pool.
  if (key.sharedCache !== undefined) asked.cache = { ...directed.cache, pool: key.sharedCache };
  return asked;
}
