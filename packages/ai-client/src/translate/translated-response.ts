import { parseExactJson } from '../exact-json.js';
import { isJsonObject, type JsonObject, parseJsonObject } from '../json.js';
import { type ResponseHeaders, singleHeader } from '../response-headers.js';
import { collect } from '../steps/collect.js';
import { statusOfError } from '../steps/error-status.js';
import type { UpstreamResponse } from '../steps/transport.js';
import { messagesToChatBody } from './chat-body.js';
import { messagesErrorToChat } from './chat-error.js';
import { TranslatedStream, type TranslatedStreamOptions } from './translated-stream.js';

export interface TranslatedResponseOptions extends TranslatedStreamOptions {
  /** Longest body of an answer or of an error, bytes. */
  readonly maxBodyBytes: number;
}

type Reader = Parameters<UpstreamResponse['read']>[0];

/**
 * Translates a response of the Messages API to one of chat completions. A stream is translated as it arrives, with its reader's
 * back-pressure; a body or an error is collected first. An error inside a 200 gets the status of its type. Anything that is not JSON passes
 * unchanged.
 */
export async function translateResponse(
  response: UpstreamResponse,
  options: TranslatedResponseOptions,
): Promise<UpstreamResponse> {
  const { status, headers } = response;
  const type = singleHeader(headers, 'content-type')?.toLowerCase() ?? '';
  if (status < 300 && type.startsWith('text/event-stream')) return new TranslatedStream(response, options);
  const bytes = await collect(response, options.maxBodyBytes);
  const body = parseJsonObject(Buffer.from(bytes).toString(), parseExactJson);
  if (status >= 300) {
    const translated = messagesErrorToChat(status, body);
    return new WholeResponse(translated.status, headers, encode(translated.body));
  }
  if (body === undefined) return new WholeResponse(status, headers, bytes);
  if (isJsonObject(body.error)) {
    const translated = messagesErrorToChat(statusOfError(body.error), body);
    return new WholeResponse(translated.status, headers, encode(translated.body));
  }
  return new WholeResponse(status, headers, encode(messagesToChatBody(body, options)));
}

function encode(body: JsonObject): Uint8Array {
  return Buffer.from(JSON.stringify(body));
}

/** A response that has arrived completely: its bytes are delivered at once, so there is nothing to pause. */
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

  peek(): Promise<Uint8Array> {
    return Promise.resolve(this.bytes);
  }

  read(reader: Reader): void {
    if (this.aborted === undefined) reader.onData(this.bytes);
    // The reader may have aborted while it took the data.
    if (this.aborted === undefined) reader.onEnd();
    else reader.onError(this.aborted.reason);
  }

  pause(): void {}

  resume(): void {}

  abort(reason: unknown): void {
    this.aborted ??= { reason };
  }
}
