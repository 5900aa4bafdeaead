import type { ResponseHeaders } from '../response-headers.js';

/** Of every request. Without the last of them, any coding of the answer would do (RFC 9110, section 12.5.3). */
export const jsonHeaders = {
  'content-type': 'application/json',
  accept: '*/*',
  'accept-encoding': 'identity',
} as const;

export interface UpstreamRequest {
  /** Names the server in errors, and is what its breaker goes by. */
  readonly upstream: string;
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Longest silence before the head and between bytes, ms. */
  readonly idleTimeoutMs: number;
}

/** Takes the bytes of a response. Exactly one of `onEnd` and `onError` is called, once, last. */
export interface UpstreamReader {
  onData(bytes: Uint8Array): void;
  onEnd(): void;
  onError(error: unknown): void;
}

/** A response whose head is there and whose body is on its way. */
export interface UpstreamResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /**
   * What has come of the body, as soon as it is `enough` or all; before `read`, which gives it again. Fails like the body does.
   */
  peek(enough: (arrived: Uint8Array) => boolean): Promise<Uint8Array>;
  /** Starts the flow: what has come since the head is given at once. */
  read(reader: UpstreamReader): void;
  pause(): void;
  resume(): void;
  /** Cuts the connection; the reader's `onError` gets `reason`. */
  abort(reason: unknown): void;
}

/** Who a request is sent for. Like an `AbortSignal`, which each request would have to pay for though few are aborted. */
export interface Requester {
  /** Why nobody waits for the answer any more; `undefined` as long as somebody does. */
  readonly abandoned: unknown;
  /** Called when nobody does any more. */
  onAbandoned: (() => void) | undefined;
  /** Set as soon as a request has a connection: from then on the provider may know of it, and charge it. */
  isSent: boolean;
}

export interface Transport {
  /**
   * Sends a request; resolves with the head of the response. Fails with `AI_UNREACHABLE` or `AI_TIMEOUT`, or with the
   * reason why it was abandoned, which also cuts a body on its way.
   */
  send(request: UpstreamRequest, requester: Requester): Promise<UpstreamResponse>;
  close(): Promise<void>;
}

/**
 * HTTP by undici, which is loaded by the first request that is sent: a process that finds every answer in its cache, as a command
 * often does, ends before undici would have been ready.
 */
export function createTransport(): Transport {
  let made: Transport | undefined;
  let making: Promise<Transport> | undefined;
  async function make(): Promise<Transport> {
    const { createUndiciTransport } = await import('./undici-transport.js');
    made = createUndiciTransport();
    return made;
  }
  return {
    send(request, requester) {
      if (made !== undefined) return made.send(request, requester);
      making ??= make();
      return making.then((transport) => transport.send(request, requester));
    },
    async close() {
      // What could not be made has nothing to close.
      const transport = await making?.catch(() => undefined);
      await transport?.close();
    },
  };
}
