import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExchangeRequest, type Pipeline, type Surface, surfaceAdapter } from '@ai-toolkit/ai-client';
import type { GatewayKey } from '@ai-toolkit/gateway-keys';
import type { KeyAccess } from '@ai-toolkit/toolkit';
import type { PriceTable } from '@ai-toolkit/usage';
import type { Doorkeeper } from '../access/doorkeeper.js';
import { refusalOf } from '../access/keys-failure.js';
import { refusalReason } from '../access/refusal-reason.js';
import { failureHeaders } from './answer-headers.js';
import { answerCount } from './count-tokens.js';
import { exchangeRequest } from './exchange-request.js';
import type { HeadWriter } from './head-writer.js';
import type { OpenRequests } from './open-requests.js';
import { countPath, modelPaths, pathOf } from './paths.js';
import { BodyError, bodyRefusal, mustCloseBehind, readBody } from './read-body.js';
import { failureFacts, turnAway } from './refuse.js';
import { ResponseSink } from './response-sink.js';

/** The parts that answer a model request. */
export interface Gateway {
  readonly pipeline: Pipeline;
  readonly doorkeeper: Doorkeeper;
  readonly access: KeyAccess;
  readonly prices: PriceTable;
  /** Maximum size of a request body, bytes: it may contain images and documents. */
  readonly maxBodyBytes: number;
  readonly open: OpenRequests;
  readonly heads: HeadWriter;
  /** Additions to the usage event of a stream. */
  readonly noteUsage: NonNullable<ExchangeRequest['noteUsage']>;
  /** Logs prompts, if the configuration allows that. */
  readonly notePrompt?: (requestId: string, body: Uint8Array) => void;
}

export type GatewayHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** The handler for a model request, or `undefined` for any other request. */
export function gatewayRoute(request: IncomingMessage, gateway: Gateway): GatewayHandler | undefined {
  if (request.method !== 'POST') return undefined;
  const path = pathOf(request);
  const surface = modelPaths.get(path);
  if (surface !== undefined) return (incoming, response) => void answer(surface, gateway, incoming, response);
  return path === countPath
    ? (incoming, response) => void answerCount(gateway, incoming, response)
    : undefined;
}

/** A body that takes longer than this has its key checked again: revoking one takes effect within a second. */
const recheckMs = 1000;

async function answer(
  surface: Surface,
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pipeline, doorkeeper, access, open, maxBodyBytes } = gateway;
  const adapter = surfaceAdapter(surface);
  open.begin();
  let arrivedAt = performance.now();
  const requestId = randomUUID();
  let key: GatewayKey | undefined;
  let body: Uint8Array | undefined;
  try {
    key = doorkeeper.caller(request);
    body = await readBody(request, maxBodyBytes);
    const begunAt = arrivedAt;
    arrivedAt = performance.now();
    // The key may have been revoked, or have expired, while a slow body arrived.
    if (arrivedAt - begunAt > recheckMs) key = doorkeeper.caller(request);
    // The client may have left while the body arrived.
    if (response.destroyed) {
      open.end();
      return;
    }
    if (key !== undefined) {
      const turn = access.admit(key, { surface, body, requestId });
      if (turn !== undefined) await unlessLeft(turn, response, () => access.cancel(requestId));
    }
    if (response.destroyed) {
      access.cancel(requestId);
      open.end();
      return;
    }
    gateway.notePrompt?.(requestId, body);
    const sink = new ResponseSink(response, { gateway, adapter, requestId, key, arrivedAt });
    const { noteUsage } = gateway;
    const asked = exchangeRequest({ surface, request, body, requestId, key, noteUsage });
    sink.attach(pipeline.exchange(asked, sink));
  } catch (error) {
    open.end();
    access.cancel(requestId);
    // The client left while its body arrived, or while it waited for the limits of its key.
    if (response.destroyed) return;
    if (body === undefined && mustCloseBehind(request, maxBodyBytes))
      response.setHeader('connection', 'close');
    const { failure, headers } = error instanceof BodyError ? bodyRefusal(error) : refusalOf(error, adapter);
    const told = { ...headers, ...failureFacts(failure) };
    const asked = { gateway, adapter, requestId, key, arrivedAt };
    const sent = failureHeaders(failure.status, told, undefined, asked);
    const reason = refusalReason(error, request);
    turnAway(response, adapter, failure, { requestId, headers: sent, key, reason });
  }
}

/** Waits for a turn. Calls `onLeft` if the client leaves first, to make room for others. */
async function unlessLeft(turn: Promise<void>, response: ServerResponse, onLeft: () => void): Promise<void> {
  response.once('close', onLeft);
  try {
    await turn;
  } finally {
    response.off('close', onLeft);
  }
}
