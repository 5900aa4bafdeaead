import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type CacheDirectives,
  type ExchangeRequest,
  type Pipeline,
  readCacheDirectives,
  type Surface,
  type SurfaceAdapter,
  surfaceAdapter,
} from '@ai-toolkit/ai-client';
import type { GatewayKey } from '@ai-toolkit/gateway-keys';
import type { KeyAccess } from '@ai-toolkit/toolkit';
import type { PriceTable } from '@ai-toolkit/usage';
import type { Doorkeeper } from '../access/doorkeeper.js';
import { type Refusal, refusalOf } from '../access/keys-failure.js';
import { failureHeaders } from './answer-headers.js';
import { readBodyDirectives } from './body-directives.js';
import { BodyError, mustCloseBehind, readBody } from './read-body.js';
import { failureFacts, refuse } from './refuse.js';
import { ResponseSink } from './response-sink.js';

/** Longest body of a request, bytes: images and documents travel inside it. */
export const maxBodyBytes: number = 64 * 1024 * 1024;

/** Headers of a client that its provider shall get; they select what it does, and so belong to the key. */
const passedPrefixes: readonly string[] = ['openai-', 'anthropic-'];

/** A permission that the SDK of Anthropic wants of its user in a browser; it says nothing of the answer. */
const browserPermission = 'anthropic-dangerous-direct-browser-access';

/** The routes that go straight to the pipeline, past the framework. */
const routes: ReadonlyMap<string, Surface> = new Map([
  ['/v1/chat/completions', 'chat'],
  ['/v1/responses', 'responses'],
  ['/v1/messages', 'messages'],
  ['/v1/embeddings', 'embeddings'],
]);

/** What answers a request to a model. */
export interface Gateway {
  readonly pipeline: Pipeline;
  readonly doorkeeper: Doorkeeper;
  readonly access: KeyAccess;
  readonly prices: PriceTable;
  /** What the event that reports the usage of a stream tells beside it. */
  readonly noteUsage: NonNullable<ExchangeRequest['noteUsage']>;
}

export type GatewayHandler = (request: IncomingMessage, response: ServerResponse) => void;

/** The handler for a request to a model, or `undefined` when the request is none. */
export function gatewayRoute(request: IncomingMessage, gateway: Gateway): GatewayHandler | undefined {
  if (request.method !== 'POST') return undefined;
  const surface = surfaceOf(request);
  if (surface === undefined) return undefined;
  return (incoming, response) => void answer(surface, gateway, incoming, response);
}

/** The wire format of a request's errors: that of its route; OpenAI's where it has none. */
export function errorSurface(request: IncomingMessage): SurfaceAdapter {
  return surfaceAdapter(surfaceOf(request) ?? 'chat');
}

function surfaceOf({ url = '/' }: IncomingMessage): Surface | undefined {
  return routes.get(pathOf(url));
}

async function answer(
  surface: Surface,
  gateway: Gateway,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pipeline, doorkeeper, access } = gateway;
  const adapter = surfaceAdapter(surface);
  let arrivedAt = performance.now();
  const requestId = randomUUID();
  let key: GatewayKey | undefined;
  let body: Uint8Array | undefined;
  try {
    key = doorkeeper.caller(request);
    body = await readBody(request, maxBodyBytes);
    arrivedAt = performance.now();
    // The client may have left while it was sending.
    if (response.destroyed) return;
    if (key !== undefined) {
      const turn = access.admit(key, { surface, body, requestId });
      if (turn !== undefined) await turn;
    }
    if (response.destroyed) {
      access.cancel(requestId);
      return;
    }
    const directed = readBodyDirectives(body, readCacheDirectives(request.headers));
    const sink = new ResponseSink(response, { gateway, adapter, requestId, key, arrivedAt });
    sink.attach(
      pipeline.exchange(
        {
          surface,
          body: directed.body,
          requestId,
          headers: passedHeaders(request),
          cache: directed.cache,
          eventIds: true,
          noteUsage: gateway.noteUsage,
          ...lastEventId(request),
          ...(key === undefined ? {} : asked(key, directed.cache)),
        },
        sink,
      ),
    );
  } catch (error) {
    access.cancel(requestId);
    if (body === undefined && mustCloseBehind(request, maxBodyBytes))
      response.setHeader('connection', 'close');
    const { failure, headers } = error instanceof BodyError ? bodyRefusal(error) : refusalOf(error, adapter);
    const told = { ...headers, ...failureFacts(failure) };
    const asked = { gateway, adapter, requestId, key, arrivedAt };
    refuse(response, adapter, failure, requestId, failureHeaders(failure.status, told, undefined, asked));
  }
}

function bodyRefusal({ status, message }: BodyError): Refusal {
  const hint = status === 413 ? 'Send a smaller body.' : 'Send it again.';
  return { failure: { code: 'AI_REQUEST_INVALID', status, message, hint }, headers: {} };
}

/** What a request is by its key: whose it is, and with whom it shares answers. */
function asked(
  { id, tenant, sharedCache }: GatewayKey,
  cache: CacheDirectives,
): Pick<ExchangeRequest, 'tenant' | 'labels' | 'cache'> {
  return {
    tenant,
    labels: { key: id },
    ...(sharedCache === undefined ? {} : { cache: { ...cache, pool: sharedCache } }),
  };
}

function lastEventId({ headers }: IncomingMessage): { lastEventId?: string } {
  const value = headers['last-event-id'];
  return typeof value === 'string' && value !== '' ? { lastEventId: value } : {};
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

function passedHeaders({ headers }: IncomingMessage): Record<string, string> {
  const passed: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (name === browserPermission) continue;
    if (typeof value === 'string' && passedPrefixes.some((prefix) => name.startsWith(prefix)))
      passed[name] = value;
  }
  return passed;
}
