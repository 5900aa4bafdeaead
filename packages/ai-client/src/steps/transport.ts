import type { ResponseHeaders } from '../response-headers.js';

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

export interface Transport {
  /**
   * Sends a request; resolves with the head of the response. Fails with `AI_UNREACHABLE` or `AI_TIMEOUT`, or with the
   * reason of the signal, which also cuts a body on its way.
   */
  send(request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamResponse>;
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
    send(request, signal) {
      if (made !== undefined) return made.send(request, signal);
      making ??= make();
      return making.then((transport) => transport.send(request, signal));
    },
    async close() {
      await (await making)?.close();
    },
  };
}
