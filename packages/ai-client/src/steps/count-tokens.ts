import { AiError } from '../errors.js';
import { isStackOverflow, tooDeep } from '../key/too-deep.js';
import type { Mutable } from '../mutable.js';
import { callerHeaders } from '../response-headers.js';
import type { Router, Upstream } from '../routing/router.js';
import { messagesSurface } from '../surfaces/messages.js';
import { answerOf } from './answer-of.js';
import { collect } from './collect.js';
import type { createEndpoints } from './endpoint.js';
import { errorIn } from './error-body.js';
import { statusOfError } from './error-status.js';
import { modelOf, parseRequest } from './read-request.js';
import { refuseRedirect } from './refuse-redirect.js';
import { rename } from './target.js';
import { jsonHeaders, type Requester, type Transport, type UpstreamResponse } from './transport.js';

export interface CountTokensRequest {
  /** As for `POST /v1/messages`, UTF-8. */
  readonly body: Uint8Array;
  /** Headers for the provider in addition to its own, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** A provider's response with the token count of a messages request, unchanged; or our estimate in the same form. */
export interface TokenCount {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
  readonly provider: string;
  /** Whether the count is our estimate, because the provider has no such endpoint. */
  readonly estimated: boolean;
}

export interface CountServices {
  readonly router: Router;
  readonly endpoint: ReturnType<typeof createEndpoints>;
  readonly transport: Transport;
  readonly offline: boolean;
}

/** A count is quick or does not come at all. */
const silenceMs = 30_000;
const maxAnswerBytes = 1024 * 1024;
/** Statuses from servers that support messages but not counting. */
const lacksIt: ReadonlySet<number> = new Set([404, 405, 501]);
/** Bytes of text per token: the rule of thumb that providers give for English. */
const bytesPerToken = 4;

/**
 * Asks the provider that would answer the request for its token count. Counting is never cached, is free, and has separate limits at the
 * provider, so it uses none of ours. Fails with `AI_REQUEST_INVALID`, `AI_NO_PROVIDER`, `AI_SURFACE_UNSUPPORTED`, `AI_UNREACHABLE`,
 * `AI_TIMEOUT`, `AI_RESPONSE_INVALID` or the signal's reason.
 */
export async function countTokens(request: CountTokensRequest, services: CountServices): Promise<TokenCount> {
  const { buffer, byteOffset, byteLength } = request.body;
  const source = Buffer.from(buffer, byteOffset, byteLength).toString();
  const model = modelOf(parseRequest(source), undefined);
  const { targets, fallbacks } = services.router(model, 'messages');
  const [first] = [...targets, ...fallbacks];
  if (first === undefined || services.offline) return estimate(source, first);
  const body = first.model === model ? request.body : Buffer.from(rename(source, first.model));
  const { response, bytes } = await ask(first, { ...request, body }, services);
  if (lacksIt.has(response.status) && !isAboutTheModel(bytes)) return estimate(source, first);
  return {
    status: statusOf(response, bytes),
    headers: callerHeaders(response.headers),
    body: bytes,
    provider: first.provider.name,
    estimated: false,
  };
}

async function ask(
  { provider }: Upstream,
  { body, headers, signal }: CountTokensRequest,
  { endpoint, transport }: CountServices,
): Promise<{ readonly response: UpstreamResponse; readonly bytes: Uint8Array }> {
  const { upstream, origin, basePath, query } = await endpoint(provider);
  const sent = { ...headers, ...provider.headers, ...jsonHeaders };
  const request = {
    upstream,
    origin,
    path: `${basePath}${messagesSurface.path}/count_tokens${query}`,
    headers: messagesSurface.upstreamHeaders?.(sent) ?? sent,
    body,
    idleTimeoutMs: silenceMs,
  };
  signal.throwIfAborted();
  const requester: Mutable<Requester> = { abandoned: undefined, onAbandoned: undefined, isSent: false };
  const onAbort = (): void => {
    requester.abandoned = signal.reason;
    requester.onAbandoned?.();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const response = await transport.send(request, requester);
    refuseRedirect(response, request);
    return { response, bytes: await collect(response, maxAnswerBytes) };
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** An error sent with a success status gets an error status. */
function statusOf({ status }: UpstreamResponse, bytes: Uint8Array): number {
  if (status >= 300) return status;
  const error = errorIn(answerOf(bytes));
  return error === undefined ? status : statusOfError(error);
}

/** A 404 may be about the model, which is an answer rather than a missing endpoint. */
function isAboutTheModel(bytes: Uint8Array): boolean {
  return Buffer.from(bytes).includes('not_found_error') && Buffer.from(bytes).includes('model');
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw isStackOverflow(error) ? tooDeep() : error;
  }
}

function estimate(source: string, upstream: Upstream | undefined): TokenCount {
  const { system, messages, tools } = parseRequest(source);
  if (!Array.isArray(messages)) {
    throw new AiError('AI_REQUEST_INVALID', 'The request has no messages to count.', {
      hint: 'Set "messages" to a list, as for POST /v1/messages.',
    });
  }
  const bytes = Buffer.byteLength(jsonOf([system, messages, tools]));
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ input_tokens: Math.ceil(bytes / bytesPerToken) })),
    provider: upstream?.provider.name ?? 'none',
    estimated: true,
  };
}
