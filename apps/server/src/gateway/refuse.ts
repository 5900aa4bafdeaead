import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Failure, SurfaceAdapter } from '@ai-toolkit/ai-client';
import type { GatewayKey } from '@ai-toolkit/gateway-keys';
import type { RefusalReason } from '@ai-toolkit/usage';
import type { Headers } from './answer-headers.js';

/** The response headers of a failure. */
export function failureFacts({ code, retryAfterMs, place }: Failure): Headers {
  const headers: Headers = {};
  // SDKs retry every 5xx, which would delay a client that only wants to know whether an answer is stored.
  if (code === 'AI_NOT_CACHED') headers['x-should-retry'] = 'false';
  if (retryAfterMs !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  if (place !== undefined) {
    headers['x-queue-position'] = String(place.position);
    headers['x-queue-wait-ms'] = String(Math.ceil(place.expectedWaitMs));
  }
  return headers;
}

/** Answers with an error in the wire format of the route. */
export function refuse(
  response: ServerResponse,
  adapter: SurfaceAdapter,
  failure: Failure,
  requestId: string,
  headers: Headers = failureFacts(failure),
): void {
  const body = Buffer.from(JSON.stringify(adapter.errorBody(failure, requestId)));
  headers['content-type'] = 'application/json';
  headers['content-length'] = String(body.length);
  headers['x-request-id'] = requestId;
  if (adapter.requestIdHeader !== undefined) headers[adapter.requestIdHeader] = requestId;
  response.writeHead(failure.status, headers);
  response.end(body);
}

/** A request answered without a pipeline call, and thus not reported by the pipeline. */
export interface AnsweredRequest {
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly status: number;
  /** Why it was refused. */
  readonly code?: string;
  readonly key?: GatewayKey | undefined;
  /** Set if it was refused before it became a call. */
  readonly reason?: RefusalReason | undefined;
}

/** How a request is refused. */
export interface TurnedAway {
  readonly requestId: string;
  /** Default: those of the failure. */
  readonly headers?: Headers;
  readonly key?: GatewayKey | undefined;
  /** For the metrics; `undefined` if a provider failed. */
  readonly reason: RefusalReason | undefined;
}

/** For the log and the metrics. Events are published only if there are subscribers. */
const answered = channel('server:request:answered');

/** Refuses a request that has not become a call. */
export function turnAway(
  response: ServerResponse,
  adapter: SurfaceAdapter,
  failure: Failure,
  { requestId, headers, key, reason }: TurnedAway,
): void {
  refuse(response, adapter, failure, requestId, headers);
  const { status, code } = failure;
  noteAnswered({ request: response.req, requestId, status, code, key, reason });
}

export function noteAnswered(event: AnsweredRequest): void {
  if (answered.hasSubscribers) answered.publish(event);
}
