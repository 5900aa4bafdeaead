import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import {
  type Exchange,
  type ExchangeHead,
  type ExchangeSink,
  type Failure,
  type SurfaceAdapter,
  toFailure,
} from '@ai-toolkit/ai-client';
import type { GatewayKey } from '@ai-toolkit/gateway-keys';
import type { KeyAccess } from '@ai-toolkit/toolkit';
import { quotaHeaders, tellsOfAccount } from '../access/quota-headers.js';

/** Who gets the answer, where that is somebody with a key. */
export interface Holder {
  readonly key: GatewayKey;
  readonly access: Pick<KeyAccess, 'inspect'>;
}

/** Writes an exchange to an HTTP response: events as they come, a body in one piece with its length. */
export class ResponseSink implements ExchangeSink {
  private readonly response: ServerResponse;
  private readonly adapter: SurfaceAdapter;
  private readonly requestId: string;
  private readonly holder: Holder | undefined;
  private head: ExchangeHead | undefined;
  /** The last events that went out. */
  private sent: Uint8Array | undefined;

  constructor(response: ServerResponse, adapter: SurfaceAdapter, requestId: string, holder?: Holder) {
    this.response = response;
    this.adapter = adapter;
    this.requestId = requestId;
    this.holder = holder;
  }

  /** Ties the two ends: who leaves ends the exchange, who can read on lets it go on. */
  attach(exchange: Exchange): void {
    this.response.on('drain', () => exchange.resume());
    this.response.on('close', () => {
      if (!this.response.writableFinished) exchange.abort(new Error('The client left.'));
    });
  }

  onHead(head: ExchangeHead): void {
    this.head = head;
    if (!head.streamed) return;
    this.response.writeHead(head.status, {
      ...responseHeaders(head, this.adapter, this.holder),
      'x-accel-buffering': 'no',
    });
  }

  onData(bytes: Uint8Array): boolean {
    const { head, response } = this;
    if (head === undefined || head.streamed) {
      // A comment alone tells nothing of where the stream stands.
      if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('data:')) this.sent = bytes;
      return response.write(bytes);
    }
    response.writeHead(head.status, {
      ...responseHeaders(head, this.adapter, this.holder),
      'content-length': bytes.length,
    });
    response.end(bytes);
    return true;
  }

  onEnd(): void {
    const { head, response } = this;
    if (response.writableEnded) return;
    if (head !== undefined && !response.headersSent) {
      response.writeHead(head.status, {
        ...responseHeaders(head, this.adapter, this.holder),
        'content-length': 0,
      });
    }
    response.end();
  }

  onError(error: unknown): void {
    const { response, adapter, requestId } = this;
    if (response.destroyed || response.writableEnded) return;
    const failure = toFailure(error);
    // The head is out: the stream ends with an error frame and never with a clean terminal event.
    if (response.headersSent) response.end(adapter.errorFrame(failure, requestId, this.sent));
    else refuse(response, adapter, failure, requestId);
  }
}

/** Answers with an error in the wire format of the route. */
export function refuse(
  response: ServerResponse,
  adapter: SurfaceAdapter,
  failure: Failure,
  requestId: string,
  more?: OutgoingHttpHeaders,
): void {
  const body = Buffer.from(JSON.stringify(adapter.errorBody(failure, requestId)));
  response.writeHead(failure.status, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...requestIdHeaders(adapter, requestId),
    ...more,
    ...(failure.retryAfterMs === undefined
      ? {}
      : { 'retry-after': String(Math.max(1, Math.ceil(failure.retryAfterMs / 1000))) }),
  });
  response.end(body);
}

function responseHeaders(head: ExchangeHead, adapter: SurfaceAdapter, holder?: Holder): OutgoingHttpHeaders {
  const { 'x-request-id': upstreamRequestId, ...headers } = head.headers;
  return {
    ...(holder === undefined ? headers : headersFor(holder, headers)),
    ...requestIdHeaders(adapter, head.requestId),
    ...(upstreamRequestId === undefined ? {} : { 'x-upstream-request-id': upstreamRequestId }),
    'x-cache': head.cache.toUpperCase(),
    'x-attempts': head.attempts,
    ...(head.key === undefined ? {} : { 'x-cache-key': head.key }),
    ...(head.similar === undefined ? {} : { 'x-cache-similarity': head.similar.similarity.toFixed(4) }),
    ...(head.ageMs === undefined ? {} : { age: String(Math.floor(head.ageMs / 1000)) }),
    ...(head.ttlMs === undefined
      ? {}
      : { 'x-cache-ttl': String(Math.max(0, Math.floor(head.ttlMs / 1000))) }),
    ...(head.translation === undefined ? {} : { 'x-ai-toolkit-translation': head.translation }),
  };
}

/** The provider's headers without those of the account that all share, and with the limits of the key. */
function headersFor({ key, access }: Holder, headers: Record<string, string>): Record<string, string> {
  for (const name in headers) if (tellsOfAccount(name)) delete headers[name];
  return Object.assign(headers, quotaHeaders(access, key));
}

/** Under our name for it, and under that in which the SDKs of the wire format look for it. */
function requestIdHeaders({ requestIdHeader }: SurfaceAdapter, requestId: string): OutgoingHttpHeaders {
  return {
    'x-request-id': requestId,
    ...(requestIdHeader === undefined ? {} : { [requestIdHeader]: requestId }),
  };
}
