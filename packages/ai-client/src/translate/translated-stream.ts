import { AiError } from '../errors.js';
import type { ResponseHeaders } from '../response-headers.js';
import type { UpstreamResponse } from '../steps/transport.js';
import type { ChatAnswerOptions } from './chat-body.js';
import { createMessagesToChatStream, type MessagesToChatStream } from './chat-stream.js';

export interface TranslatedStreamOptions extends ChatAnswerOptions {
  /** Longest single event of a stream, bytes. */
  readonly maxEventBytes: number;
}

type Reader = Parameters<UpstreamResponse['read']>[0];

interface Peeker {
  enough(arrived: Uint8Array): boolean;
  resolve(arrived: Uint8Array): void;
  reject(error: unknown): void;
}

/** Reads a stream of message events as one of chat chunks. */
export class TranslatedStream implements UpstreamResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  private readonly response: UpstreamResponse;
  private readonly maxEventBytes: number;
  private readonly stream: MessagesToChatStream;
  private reader: Reader | undefined;
  private peeker: Peeker | undefined;
  /** Translated but not yet given to the reader. */
  private arrived: Uint8Array[] = [];
  private outcome: { readonly error?: unknown } | undefined;
  private started = false;

  constructor(response: UpstreamResponse, options: TranslatedStreamOptions) {
    this.status = response.status;
    this.headers = response.headers;
    this.response = response;
    this.maxEventBytes = options.maxEventBytes;
    this.stream = createMessagesToChatStream(options);
  }

  peek(enough: (arrived: Uint8Array) => boolean): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.peeker = { enough, resolve, reject };
      this.start();
      this.showPeeker();
    });
  }

  read(reader: Reader): void {
    this.reader = reader;
    this.start();
    for (const bytes of this.arrived.splice(0)) reader.onData(bytes);
    if (this.outcome !== undefined) tell(reader, this.outcome);
  }

  pause(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  abort(reason: unknown): void {
    this.response.abort(reason);
    // A stream not yet started gets no `onError`, so it ends here.
    if (!this.started) this.finish({ error: reason });
  }

  private start(): void {
    if (this.started || this.outcome !== undefined) return;
    this.started = true;
    this.response.read({
      onData: (bytes) => this.take(bytes),
      onEnd: () => {
        this.pass(this.stream.end());
        this.finish({});
      },
      onError: (error) => this.finish({ error }),
    });
  }

  private take(bytes: Uint8Array): void {
    this.pass(this.stream.push(bytes));
    // Readers of the translation see whole events only, so only here is the size of an incomplete one known.
    if (this.stream.pendingBytes > this.maxEventBytes) this.response.abort(oversized(this.maxEventBytes));
  }

  private pass(bytes: Uint8Array | undefined): void {
    if (bytes === undefined) return;
    if (this.reader !== undefined) {
      this.reader.onData(bytes);
      return;
    }
    this.arrived.push(bytes);
    this.showPeeker();
  }

  private finish(outcome: { readonly error?: unknown }): void {
    if (this.outcome !== undefined) return;
    this.outcome = outcome;
    if (this.reader !== undefined) tell(this.reader, outcome);
    else this.showPeeker();
  }

  private showPeeker(): void {
    const { peeker, outcome } = this;
    if (peeker === undefined) return;
    const arrived = Buffer.concat(this.arrived);
    if (outcome !== undefined && 'error' in outcome) peeker.reject(outcome.error);
    else if (outcome !== undefined || peeker.enough(arrived)) peeker.resolve(arrived);
    else return;
    this.peeker = undefined;
  }
}

function tell(reader: Reader, outcome: { readonly error?: unknown }): void {
  if ('error' in outcome) reader.onError(outcome.error);
  else reader.onEnd();
}

function oversized(maxEventBytes: number): AiError {
  return new AiError(
    'AI_RESPONSE_TOO_LARGE',
    `An event of the stream is larger than ${maxEventBytes} bytes.`,
    {
      hint: 'Look at what the provider sends: no known model writes such events.',
    },
  );
}
