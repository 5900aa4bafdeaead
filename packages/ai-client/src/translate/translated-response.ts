import { AiError } from '../errors.js';
import { isJsonObject, type JsonObject } from '../json.js';
import { type ResponseHeaders, singleHeader } from '../response-headers.js';
import { collect } from '../steps/collect.js';
import type { UpstreamResponse } from '../steps/transport.js';
import { type ChatAnswerOptions, messagesToChatBody } from './chat-body.js';
import { messagesErrorToChat } from './chat-error.js';
import { createMessagesToChatStream } from './chat-stream.js';
import { parseExactJson } from './exact-json.js';

export interface TranslatedResponseOptions extends ChatAnswerOptions {
  /** Longest body of an answer or of an error, bytes. */
  readonly maxBodyBytes: number;
  /** Longest single event of a stream, bytes. */
  readonly maxEventBytes: number;
}

type Reader = Parameters<UpstreamResponse['read']>[0];

/**
 * A response of the Messages API as one of chat completions. A stream flows on, with the back-pressure of its reader; a body
 * or an error is waited for and then given whole. An error inside a 200 gets the status of its kind. What is no JSON
 * passes as it came.
 */
export async function translateResponse(
  response: UpstreamResponse,
  options: TranslatedResponseOptions,
): Promise<UpstreamResponse> {
  const { status, headers } = response;
  const type = singleHeader(headers, 'content-type')?.toLowerCase() ?? '';
  if (status < 300 && type.startsWith('text/event-stream')) return new StreamedResponse(response, options);
  const bytes = await collect(response, options.maxBodyBytes);
  const body = parseMessage(bytes);
  if (status >= 300) {
    const translated = messagesErrorToChat(status, body);
    return new WholeResponse(translated.status, headers, encode(translated.body));
  }
  if (body === undefined) return new WholeResponse(status, headers, bytes);
  if (isJsonObject(body.error)) {
    const translated = messagesErrorToChat(500, body);
    return new WholeResponse(translated.status, headers, encode(translated.body));
  }
  return new WholeResponse(status, headers, encode(messagesToChatBody(body, options)));
}

function parseMessage(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value = parseExactJson(Buffer.from(bytes).toString());
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function encode(body: JsonObject): Uint8Array {
  return Buffer.from(JSON.stringify(body));
}

class StreamedResponse implements UpstreamResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  private readonly response: UpstreamResponse;
  private readonly options: TranslatedResponseOptions;

  constructor(response: UpstreamResponse, options: TranslatedResponseOptions) {
    this.status = response.status;
    this.headers = response.headers;
    this.response = response;
    this.options = options;
  }

  read(reader: Reader): void {
    const { response, options } = this;
    const stream = createMessagesToChatStream(options);
    const pass = (bytes: Uint8Array | undefined): void => {
      if (bytes !== undefined) reader.onData(bytes);
    };
    response.read({
      onData: (bytes) => {
        pass(stream.push(bytes));
        // Whoever reads the translation sees whole events only, and cannot tell how much is held back for the next.
        if (stream.pendingBytes > options.maxEventBytes) response.abort(oversized(options.maxEventBytes));
      },
      onEnd: () => {
        pass(stream.end());
        reader.onEnd();
      },
      onError: (error) => reader.onError(error),
    });
  }

  pause(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  abort(reason: unknown): void {
    this.response.abort(reason);
  }
}

/** A response that has arrived: its bytes are given at once, so that there is nothing to pause. */
class WholeResponse implements UpstreamResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  private readonly bytes: Uint8Array;
  private aborted: { readonly reason: unknown } | undefined;

  constructor(status: number, headers: ResponseHeaders, bytes: Uint8Array) {
    this.status = status;
    this.headers = headers;
    this.bytes = bytes;
  }

  read(reader: Reader): void {
    if (this.aborted === undefined) reader.onData(this.bytes);
    // A reader may abort what it was just given.
    if (this.aborted === undefined) reader.onEnd();
    else reader.onError(this.aborted.reason);
  }

  pause(): void {}

  resume(): void {}

  abort(reason: unknown): void {
    this.aborted ??= { reason };
  }
}

function oversized(maxEventBytes: number): AiError {
  return new AiError(
    'AI_RESPONSE_TOO_LARGE',
    `An event of the stream is larger than ${maxEventBytes} bytes.`,
    { hint: 'Look at what the provider sends: no known model writes such events.' },
  );
}
