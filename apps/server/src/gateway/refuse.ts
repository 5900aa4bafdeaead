import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Failure, SurfaceAdapter } from '@ai-toolkit/ai-client';
import type { GatewayKey } from '@ai-toolkit/gateway-keys';
import type { RefusalReason } from '@ai-toolkit/usage';
import type { Headers } from './answer-headers.js';

/** What of a failure is told in headers. */
export function failureFacts({ code, retryAfterMs, place }: Failure): Headers {
  const headers: Headers = {};
  // SDKs ask again after each 5xx, and whoever only wanted to know whether there is an answer would wait for that.
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

/** A request that was answered without a call of the pipeline, which would have told of it. */
export interface AnsweredRequest {
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly status: number;
  /** Why it was refused. */
  readonly code?: string;
  readonly key?: GatewayKey | undefined;
  /** It was turned away before it became a call. */
  readonly reason?: RefusalReason | undefined;
}

/** What a refusal is told with, and whose it is. */
export interface TurnedAway {
  readonly requestId: string;
  /** Default: those of the failure. */
  readonly headers?: Headers;
  readonly key?: GatewayKey | undefined;
  /** For the metrics; `undefined` for what failed at a provider. */
  readonly reason: RefusalReason | undefined;
}

/** For the log and the metrics; nothing is built when nobody listens. */
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
