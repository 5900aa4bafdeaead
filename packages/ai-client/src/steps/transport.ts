import type { ResponseHeaders } from '../response-headers.js';

/** Sent with every request. Without `accept-encoding`, the server may choose any coding (RFC 9110, section 12.5.3). */
export const jsonHeaders = {
  'content-type': 'application/json',
  accept: '*/*',
  'accept-encoding': 'identity',
} as const;

export interface UpstreamRequest {
  /** Names the server in errors; key of its circuit breaker. */
  readonly upstream: string;
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Longest silence before the head and between bytes, ms. */
  readonly idleTimeoutMs: number;
}

/** Receives the bytes of a response. Exactly one of `onEnd` and `onError` is called, once, as the last call. */
export interface UpstreamReader {
  onData(bytes: Uint8Array): void;
  onEnd(): void;
  onError(error: unknown): void;
}

/** A response whose head has arrived; the body follows. */
export interface UpstreamResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /**
   * Resolves with what has arrived of the body, once that is `enough` or all of it. To be called before `read`, which delivers it again.
   * Fails as the body does.
   */
  peek(enough: (arrived: Uint8Array) => boolean): Promise<Uint8Array>;
  /** Starts the flow; what has arrived since the head is delivered at once. */
  read(reader: UpstreamReader): void;
  pause(): void;
  resume(): void;
  /** Closes the connection; the reader's `onError` gets `reason`. */
  abort(reason: unknown): void;
}

/** On whose behalf a request is sent. Like an `AbortSignal`, but free of its cost for every request, of which few are aborted. */
export interface Requester {
  /** Why nobody is waiting for the answer any more; `undefined` while somebody is. */
  readonly abandoned: unknown;
  /** Called when `abandoned` is set. */
  onAbandoned: (() => void) | undefined;
  /** Set once a request has a connection: from then on the provider may know of it and charge for it. */
  isSent: boolean;
}

export interface Transport {
  /**
   * Sends a request; resolves with the head of the response. Fails with `AI_UNREACHABLE` or `AI_TIMEOUT`, or with the reason it was
   * abandoned. Abandoning also cuts off a body in transit.
   */
  send(request: UpstreamRequest, requester: Requester): Promise<UpstreamResponse>;
  close(): Promise<void>;
}

/**
 * HTTP by undici, which is loaded on the first request: a process that finds every answer in the cache, as a command often does, ends
 * before undici would have loaded.
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
      making ??= make().catch((error: unknown) => {
        making = undefined;
        throw error;
      });
      return making.then((transport) => transport.send(request, requester));
    },
    async close() {
      // Nothing to close if the transport could not be created.
      const transport = await making?.catch(() => undefined);
      await transport?.close();
    },
  };
}
