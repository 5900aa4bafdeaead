import { Agent, type Dispatcher, EnvHttpProxyAgent, errors } from 'undici';
import { AiError } from '../errors.js';
import { type ResponseHeaders, singleHeader } from '../response-headers.js';
import { type Decoder, decoderFor, isIdentity, unknownCoding } from './content-coding.js';
import type { Requester, Transport, UpstreamReader, UpstreamRequest, UpstreamResponse } from './transport.js';

/**
 * HTTP by undici's dispatcher: bytes are pushed with back-pressure, without intermediate streams or promises, which makes it several times
 * cheaper than `fetch`.
 */
export function createUndiciTransport(): Transport {
  // Idle timeouts are set per request; the pool's own are off.
  const agent = createAgent();
  return {
    send: (request, requester) =>
      new Promise((resolve, reject) => {
        if (requester.abandoned !== undefined) {
          reject(requester.abandoned as Error);
          return;
        }
        // undici does not accept `Infinity`; 0 means no limit.
        const silenceMs = request.idleTimeoutMs === Number.POSITIVE_INFINITY ? 0 : request.idleTimeoutMs;
        const handler = new ResponseHandler(request, requester, resolve, reject);
        agent.dispatch(
          {
            origin: request.origin,
            path: request.path,
            method: 'POST',
            headers: request.headers,
            body: request.body,
            headersTimeout: silenceMs,
            bodyTimeout: silenceMs,
          },
          handler,
        );
      }),
    close: () => agent.destroy(null),
  };
}

function createAgent(): Dispatcher {
  const options = { headersTimeout: 0, bodyTimeout: 0, allowH2: false };
  // An SDK that uses our `fetch` instead of Node's must reach the same servers, so use a proxy where Node does.
  if (!usesProxies()) return new Agent(options);
  try {
    return new EnvHttpProxyAgent(options);
  } catch (cause) {
    throw new AiError('AI_UNREACHABLE', 'The proxy that the environment names cannot be used.', {
      hint: 'Set HTTPS_PROXY and HTTP_PROXY to URLs that begin with http:// or https://.',
      cause,
    });
  }
}

/** Whether Node honours `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, which it does only if told to. */
function usesProxies(): boolean {
  const { NODE_USE_ENV_PROXY, NODE_OPTIONS = '' } = process.env;
  return (
    NODE_USE_ENV_PROXY === '1' ||
    [...process.execArgv, ...NODE_OPTIONS.split(' ')].includes('--use-env-proxy')
  );
}

const nothing = new Uint8Array();

class ResponseHandler implements Dispatcher.DispatchHandler, UpstreamResponse {
  status = 0;
  headers: ResponseHeaders = {};
  private readonly request: UpstreamRequest;
  private readonly requester: Requester;
  private readonly resolve: (response: UpstreamResponse) => void;
  private readonly reject: (error: unknown) => void;
  private controller: Dispatcher.DispatchController | undefined;
  /** Content coding of the body, if the server applied one unasked; reset at the first bytes, which create the decoder. */
  private coding: string | undefined;
  private decoder: Decoder | undefined;
  private reader: UpstreamReader | undefined;
  /** Received but not yet given to the reader: usually one chunk. */
  private arrived: Uint8Array | undefined;
  private arrivedBehind: Uint8Array[] | undefined;
  private flushing = false;
  private peeker:
    | {
        enough(arrived: Uint8Array): boolean;
        resolve(arrived: Uint8Array): void;
        reject(error: unknown): void;
      }
    | undefined;
  private outcome: { readonly error?: unknown } | undefined;

  constructor(
    request: UpstreamRequest,
    requester: Requester,
    resolve: (response: UpstreamResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.request = request;
    this.requester = requester;
    this.resolve = resolve;
    this.reject = reject;
    requester.onAbandoned = this.onAbandoned;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    this.requester.isSent = true;
    if (this.requester.abandoned !== undefined) this.onAbandoned();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    // 1xx: the real head is still to come.
    if (status < 200) return;
    this.status = status;
    this.headers = headers;
    this.coding = singleHeader(headers, 'content-encoding');
    this.resolve(this);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.coding !== undefined) this.decode(this.coding);
    if (this.outcome !== undefined) return;
    if (this.decoder === undefined) this.take(chunk);
    else if (!this.decoder.write(chunk)) controller.pause();
  }

  private decode(coding: string): void {
    this.coding = undefined;
    if (isIdentity(coding)) return;
    const decoder = decoderFor(coding);
    if (decoder === undefined) {
      this.abort(unknownCoding(this.request.origin, coding));
      return;
    }
    this.decoder = decoder;
    decoder.on('data', (chunk: Buffer) => this.take(chunk));
    decoder.on('drain', () => this.controller?.resume());
    decoder.on('end', () => this.finish({}));
    decoder.on('error', (error) => this.abort(brokenOff(this.request, error)));
  }

  private take(chunk: Buffer): void {
    if (this.arrived === undefined) this.arrived = chunk;
    else if (this.arrivedBehind === undefined) this.arrivedBehind = [chunk];
    else this.arrivedBehind.push(chunk);
    this.flushSoon();
  }

  onResponseEnd(): void {
    if (this.decoder === undefined) this.finish({});
    else this.decoder.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.finish({ error: describe(error, this.request, this.status) });
  }

  peek(enough: (arrived: Uint8Array) => boolean): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      if (this.outcome !== undefined && 'error' in this.outcome) {
        // The reason of an aborted signal may be anything, and is passed on unchanged.
        // oxlint-disable-next-line typescript/prefer-promise-reject-errors
        reject(this.outcome.error);
        return;
      }
      this.peeker = { enough, resolve, reject };
      this.flush();
    });
  }

  read(reader: UpstreamReader): void {
    this.reader = reader;
    this.flush();
    if (this.outcome !== undefined) this.tell(reader, this.outcome);
  }

  /**
   * One read of the socket yields many HTTP chunks, parsed in one go. Merges them and delivers them right after that read: later steps run
   * once per read instead of once per chunk, with no added delay.
   */
  private flushSoon(): void {
    if (this.flushing || (this.reader === undefined && this.peeker === undefined)) return;
    this.flushing = true;
    queueMicrotask(this.flush);
  }

  private readonly flush = (): void => {
    this.flushing = false;
    if (this.reader === undefined) this.showPeeker();
    else if (this.arrived !== undefined) this.reader.onData(this.takeArrived(this.arrived));
  };

  private showPeeker(): void {
    if (this.peeker === undefined) return;
    const arrived = this.takeArrived(this.arrived ?? nothing);
    if (arrived.length > 0) this.arrived = arrived;
    if (this.outcome === undefined && !this.peeker.enough(arrived)) return;
    this.peeker.resolve(arrived);
    this.peeker = undefined;
  }

  private takeArrived(first: Uint8Array): Uint8Array {
    const behind = this.arrivedBehind;
    this.arrived = undefined;
    this.arrivedBehind = undefined;
    return behind === undefined ? first : Buffer.concat([first, ...behind]);
  }

  pause(): void {
    if (this.decoder === undefined) this.controller?.pause();
    else this.decoder.pause();
  }

  resume(): void {
    if (this.decoder === undefined) this.controller?.resume();
    else this.decoder.resume();
  }

  abort(reason: unknown): void {
    this.finish({ error: reason });
    // undici requires an Error and may report it back synchronously; callers have already received the actual reason.
    this.controller?.abort(new Error('aborted'));
  }

  private readonly onAbandoned = (): void => this.abort(this.requester.abandoned);

  private finish(outcome: { readonly error?: unknown }): void {
    if (this.outcome === undefined) this.flush();
    // The flush may have made the reader abort.
    if (this.outcome !== undefined) return;
    this.outcome = outcome;
    this.decoder?.destroy();
    this.requester.onAbandoned = undefined;
    if (this.reader !== undefined) this.tell(this.reader, outcome);
    else if (this.status === 0) this.reject(outcome.error);
    else if ('error' in outcome) this.peeker?.reject(outcome.error);
    else this.showPeeker();
  }

  private tell(reader: UpstreamReader, outcome: { readonly error?: unknown }): void {
    if ('error' in outcome) reader.onError(outcome.error);
    else reader.onEnd();
  }
}

function describe(error: Error, request: UpstreamRequest, status: number): AiError {
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) {
    return new AiError('AI_TIMEOUT', `${request.origin} was silent for ${request.idleTimeoutMs} ms.`, {
      hint: 'Ask again, or raise the idle timeout for slow models.',
      retryable: true,
      cause: error,
    });
  }
  const reason = reasonOf(error);
  if (status > 0) return brokenOff(request, error);
  if (error instanceof errors.InvalidArgumentError) {
    return new AiError('AI_REQUEST_INVALID', `The request cannot be sent: ${error.message}.`, {
      hint: 'Check the headers of the request and of the provider.',
      cause: error,
    });
  }
  return new AiError('AI_UNREACHABLE', `${request.origin} cannot be reached (${reason}).`, {
    hint: 'Check that the provider is running and that its base URL is right.',
    retryable: true,
    cause: error,
  });
}

function brokenOff({ origin }: UpstreamRequest, error: Error): AiError {
  return new AiError('AI_STREAM_INCOMPLETE', `${origin} broke off its answer (${reasonOf(error)}).`, {
    hint: 'Ask again: nothing of the broken answer was stored.',
    retryable: true,
    cause: error,
  });
}

function reasonOf(error: Error): string {
  // A proxy's refusal of the CONNECT request for a tunnel.
  if (error instanceof errors.RequestAbortedError) return error.message;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
