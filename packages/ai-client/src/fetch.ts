import { randomUUID } from 'node:crypto';
import { LimitError } from '@ai-toolkit/rate-limit';
import { AiError } from './errors.js';
import type { Exchange, ExchangeHead, ExchangeRequest, ExchangeSink } from './exchange.js';
import { toFailure } from './failure.js';
import { createCallerReader } from './fetch-caller.js';
import { readFetchRequest } from './fetch-request.js';
import type { Mutable } from './mutable.js';
import type { Provider } from './providers/provider.js';
import type { SurfaceAdapter } from './surfaces/adapter.js';
import { openaiError } from './surfaces/openai-errors.js';
import { WholeResponse } from './whole-response.js';

type RunExchange = (request: ExchangeRequest, sink: ExchangeSink) => Exchange;

/**
 * A `fetch` backed by the pipeline. A POST to a known endpoint becomes an exchange with the server at that URL, with the credentials of the
 * request. Any other request goes to the global `fetch`, or is refused if the pipeline is offline.
 */
export function createFetch(
  exchange: RunExchange,
  configured: readonly Provider[],
  offline: boolean,
): typeof globalThis.fetch {
  const readCaller = createCallerReader(configured);
  return (input, init) =>
    new Promise((resolve, reject) => {
      const request = readFetchRequest(input, init);
      const caller = request.method === 'POST' ? readCaller(request) : undefined;
      if (caller === undefined) {
        resolve(offline ? refusedOffline(new URL(request.url)) : globalThis.fetch(request.asRequest()));
        return;
      }
      const { adapter, provider, headers, cache } = caller;
      const send = (body: Uint8Array): void => {
        const requestId = randomUUID();
        const run: Mutable<ExchangeRequest> = {
          surface: adapter.surface,
          body,
          requestId,
          provider,
          headers,
          cache,
        };
        if (request.signal !== undefined) run.signal = request.signal;
        const sink = new ResponseSink(adapter, requestId, request.held, resolve, reject);
        sink.attach(exchange(run, sink));
      };
      const body = request.body();
      // A body that is available is sent synchronously, so that a hit is answered synchronously.
      if (body instanceof Promise) body.then(send).catch(reject);
      else send(body);
    });
}

/** A response rather than a rejection, which an SDK would retry. */
function refusedOffline({ host, pathname }: URL): Response {
  const error = new AiError('AI_NOT_CACHED', `Answers of ${host}${pathname} are not stored.`, {
    hint: 'The pipeline is offline, and so asks nobody. Ask for what can be cached, or go online.',
  });
  const requestId = randomUUID();
  return Response.json(openaiError(toFailure(error), requestId), {
    status: error.status,
    headers: { 'x-should-retry': 'false', 'x-request-id': requestId },
  });
}

/** Turns an exchange into a `Response`. A failure before the head becomes an error response in the wire format, or a rejection. */
class ResponseSink implements ExchangeSink {
  private readonly adapter: SurfaceAdapter;
  private readonly requestId: string;
  /** See `FetchRequest.held`. The exchange holds its sink until it ends. */
  readonly held: unknown;
  private readonly resolve: (response: Response) => void;
  private readonly reject: (error: unknown) => void;
  private exchange: Exchange | undefined;
  private head: ExchangeHead | undefined;
  private body: Uint8Array | undefined;
  private stream: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(
    adapter: SurfaceAdapter,
    requestId: string,
    held: unknown,
    resolve: (response: Response) => void,
    reject: (error: unknown) => void,
  ) {
    this.adapter = adapter;
    this.requestId = requestId;
    this.held = held;
    this.resolve = resolve;
    this.reject = reject;
  }

  attach(exchange: Exchange): void {
    this.exchange = exchange;
  }

  onHead(head: ExchangeHead): void {
    this.head = head;
    if (!head.streamed) return;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.stream = controller;
      },
      pull: () => this.exchange?.resume(),
      cancel: (reason) => this.exchange?.abort(reason),
    });
    this.respond(head, body);
  }

  onData(bytes: Uint8Array): boolean {
    if (this.stream === undefined) {
      this.body = bytes;
      return true;
    }
    // A copy: the cache and other callers may hold the bytes, and a consumer may change or transfer its chunks.
    this.stream.enqueue(new Uint8Array(bytes));
    return (this.stream.desiredSize ?? 0) > 0;
  }

  onEnd(): void {
    if (this.stream !== undefined) this.stream.close();
    else if (this.head !== undefined) this.respond(this.head, this.body ?? null);
  }

  onError(error: unknown): void {
    if (this.stream !== undefined) {
      this.stream.error(error);
      return;
    }
    // SDKs turn a rejection into their own connection error, which is right for an unreachable provider; some recognise only the
    // `TypeError` that `fetch` throws. A timeout becomes a response instead: after a rejection, SDKs would retry and wait as long again.
    const failure = toFailure(error);
    const unreachable = AiError.isInstance(error) && error.code === 'AI_UNREACHABLE';
    if (unreachable || !isOurs(error)) {
      this.reject(unreachable ? new TypeError('fetch failed', { cause: error }) : error);
      return;
    }
    const { requestId } = this;
    const headers = new Headers({
      'content-type': 'application/json',
      'x-should-retry': 'false',
      'x-request-id': requestId,
      [this.requestIdHeader]: requestId,
    });
    if (failure.retryAfterMs !== undefined)
      headers.set('retry-after-ms', String(Math.ceil(failure.retryAfterMs)));
    const body = JSON.stringify(this.adapter.errorBody(failure, requestId));
    this.resolve(new Response(body, { status: failure.status, headers }));
  }

  private get requestIdHeader(): string {
    return this.adapter.requestIdHeader ?? 'x-request-id';
  }

  private respond(head: ExchangeHead, body: ReadableStream<Uint8Array> | Uint8Array | null): void {
    const headers: Record<string, string> = { ...head.headers, 'x-cache': head.cache.toUpperCase() };
    if (head.translation !== undefined) headers['x-ai-toolkit-translation'] = head.translation;
    if (head.key !== undefined) headers['x-cache-key'] = head.key;
    if (head.similar !== undefined) headers['x-cache-similarity'] = head.similar.similarity.toFixed(4);
    headers['x-request-id'] ??= head.requestId;
    headers[this.requestIdHeader] ??= head.requestId;
    // The pipeline has already made all retries worth making.
    if (head.status >= 300) headers['x-should-retry'] = 'false';
    const init = { status: head.status, headers };
    try {
      this.resolve(body instanceof Uint8Array ? new WholeResponse(body, init) : new Response(body, init));
    } catch (error) {
      // `Response` rejects the combination, such as a stream with a status that allows no body.
      this.reject(error);
      throw error;
    }
  }
}

function isOurs(error: unknown): boolean {
  return AiError.isInstance(error) || LimitError.isInstance(error);
}
