import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AiError, surfaceAdapter } from '@ai-toolkit/ai-client';
import type { GatewayKey } from '@ai-toolkit/gateway-keys';
import { refusalOf } from '../access/keys-failure.js';
import { quotaHeaders, tellsOfAccount } from '../access/quota-headers.js';
import { refusalReason } from '../access/refusal-reason.js';
import { type Asked, failureHeaders } from './answer-headers.js';
import type { Gateway } from './gateway.js';
import { passedHeaders } from './passed-headers.js';
import { BodyError, bodyRefusal, mustCloseBehind, readBody } from './read-body.js';
import { failureFacts, noteAnswered, turnAway } from './refuse.js';
import { toldTo } from './told-to.js';

/** Marks a count as our estimate, and names its rule. */
const estimateHeader = 'x-ai-toolkit-estimate';

/** Answers `POST /v1/messages/count_tokens`. It counts towards the key's request limit, and costs nothing. */
export async function answerCount(
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pipeline, doorkeeper, access, open, maxBodyBytes } = gateway;
  const adapter = surfaceAdapter('messages');
  const requestId = randomUUID();
  const arrivedAt = performance.now();
  const left = new AbortController();
  response.on('close', () => {
    left.abort(new Error('The client left.'));
    // The request may be waiting for the limits of its key.
    access.cancel(requestId);
  });
  open.begin();
  let key: GatewayKey | undefined;
  let body: Uint8Array | undefined;
  let isAdmitted = false;
  try {
    key = doorkeeper.caller(request);
    body = await readBody(request, maxBodyBytes);
    if (key !== undefined) await access.admit(key, { surface: 'messages', body, requestId, isFree: true });
    isAdmitted = true;
    const count = await pipeline.countTokens({
      body,
      headers: passedHeaders(request, key),
      signal: left.signal,
    });
    access.settleFree(requestId);
    const { 'x-request-id': upstreamRequestId, ...headers } = count.headers;
    if (key !== undefined) {
      for (const name in headers) if (tellsOfAccount(name)) delete headers[name];
      Object.assign(headers, quotaHeaders(access, key));
    }
    if (upstreamRequestId !== undefined) headers['x-upstream-request-id'] = upstreamRequestId;
    if (count.estimated) headers[estimateHeader] = 'bytes/4';
    headers['content-length'] = String(count.body.length);
    response.writeHead(count.status, failureHeaders(count.status, headers, undefined, asked(key)));
    response.end(count.body);
    noteAnswered({ request, requestId, status: count.status, key });
  } catch (error) {
    access.cancel(requestId);
    if (response.destroyed) return;
    if (body === undefined && mustCloseBehind(request, maxBodyBytes))
      response.setHeader('connection', 'close');
    const refusal = error instanceof BodyError ? bodyRefusal(error) : refusalOf(error, adapter);
    const { headers } = refusal;
    const failure = toldTo(key, refusal.failure, requestId);
    const told = failureHeaders(
      failure.status,
      { ...headers, ...failureFacts(failure) },
      undefined,
      asked(key),
    );
    const reason = isAdmitted && !isMistake(error) ? undefined : refusalReason(error, request);
    turnAway(response, adapter, failure, { requestId, headers: told, key, reason });
  } finally {
    open.end();
  }

  function asked(holder: GatewayKey | undefined): Asked {
    return { gateway, adapter, requestId, key: holder, arrivedAt };
  }
}

/** Whether it is the request that is wrong; what else fails then is a provider. */
function isMistake(error: unknown): boolean {
  return AiError.isInstance(error) && error.code === 'AI_REQUEST_INVALID';
}
