import type { IncomingMessage } from 'node:http';
import { type ExchangeRequest, readCacheDirectives, type Surface } from '@ai-toolkit/ai-client';
import type { GatewayKey } from '@ai-toolkit/gateway-keys';
import { readBodyDirectives } from './body-directives.js';
import { passedHeaders } from './passed-headers.js';

/** A request that has been let in. */
export interface AdmittedRequest {
  readonly surface: Surface;
  readonly request: IncomingMessage;
  readonly body: Uint8Array;
  readonly requestId: string;
  /** Who asks; `undefined` for somebody without a key. */
  readonly key: GatewayKey | undefined;
  readonly noteUsage: NonNullable<ExchangeRequest['noteUsage']>;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** A request as the pipeline takes it. Put together member by member, which costs every request less than to spread parts of it. */
export function exchangeRequest(admitted: AdmittedRequest): ExchangeRequest {
  const { surface, request, body, requestId, key, noteUsage } = admitted;
  const { headers } = request;
  const directed = readBodyDirectives(body, readCacheDirectives(headers));
  const asked: Mutable<ExchangeRequest> = {
    surface,
    body: directed.body,
    requestId,
    headers: passedHeaders(request),
    cache: directed.cache,
    eventIds: true,
    noteUsage,
  };
  const { traceparent, tracestate, 'last-event-id': lastEventId } = headers;
  if (typeof lastEventId === 'string' && lastEventId !== '') asked.lastEventId = lastEventId;
  // Of which trace the request is a part.
  if (typeof traceparent === 'string')
    asked.trace = typeof tracestate === 'string' ? { traceparent, tracestate } : { traceparent };
  if (key === undefined) return asked;
  asked.tenant = key.tenant;
  asked.labels = { key: key.id };
  // With whom the holder of the key shares answers.
  if (key.sharedCache !== undefined) asked.cache = { ...directed.cache, pool: key.sharedCache };
  return asked;
}
