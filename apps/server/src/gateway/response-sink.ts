import type { ServerResponse } from 'node:http';
import type { Exchange, ExchangeFacts, ExchangeHead, ExchangeSink } from '@ai-toolkit/ai-client';
import { type Asked, answerHeaders, failureHeaders } from './answer-headers.js';
import { failureOf } from './failure-of.js';
import { failureFacts, refuse } from './refuse.js';
import { toldTo } from './told-to.js';
import { TurnEnd, type Writer } from './turn-end.js';

/** Shared by all responses of the process, so that they are written together. */
const turnEnd = new TurnEnd();

/** Writes an exchange to an HTTP response: events as they come, a complete body at once with its `content-length`. */
export class ResponseSink implements ExchangeSink, Writer {
  private readonly response: ServerResponse;
  private readonly asked: Asked;
  private head: ExchangeHead | undefined;
  /** The last chunk sent that contained event data. */
  private sent: Uint8Array | undefined;
  /** The whole body, if it came in one piece. */
  private body: Uint8Array | undefined;
  /** The response is complete, and will be ended by the next `write`. */
  private ended = false;
  /** A write is scheduled for the end of the turn. */
  private writesSoon = false;

  constructor(response: ServerResponse, asked: Asked) {
    this.response = response;
    this.asked = asked;
  }

  /** Connects the response to the exchange: a client that leaves aborts it, a drained connection resumes it. */
  attach(exchange: Exchange): void {
    // A hit in memory has been delivered already.
    if (this.ended) return;
    this.response.on('drain', () => exchange.resume());
    this.response.on('close', () => {
      if (!this.response.writableFinished) exchange.abort(new Error('The client left.'));
    });
  }

  onHead(head: ExchangeHead): void {
    this.head = head;
    if (head.streamed && head.length === undefined) this.writeHead(head);
  }

  onData(bytes: Uint8Array): boolean {
    const { head, response } = this;
    if (head !== undefined && !response.headersSent) {
      const length = head.length ?? bytes.length;
      this.writeHead(head, length);
      if (length === bytes.length) {
        this.body = bytes;
        this.end();
        return true;
      }
    }
    // An SSE comment alone does not show the position in the stream.
    if (Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('data:')) this.sent = bytes;
    if (!this.writesSoon) response.socket?.cork();
    this.writeSoon();
    return response.write(bytes);
  }

  onEnd(): void {
    const { head, response } = this;
    this.asked.gateway.open.end();
    if (this.ended || response.writableEnded) return;
    if (head !== undefined && !response.headersSent) this.writeHead(head, 0);
    this.end();
  }

  onError(error: unknown, facts: ExchangeFacts): void {
    const { response, asked } = this;
    asked.gateway.open.end();
    const { adapter, requestId, key } = asked;
    if (this.ended || response.destroyed || response.writableEnded) return;
    const failure = toldTo(key, failureOf(error), requestId);
    // The head has been sent: the stream ends with an error frame, never with a clean terminal event.
    if (response.headersSent) response.end(adapter.errorFrame(failure, requestId, this.sent));
    else {
      const headers = failureHeaders(failure.status, failureFacts(failure), facts, asked);
      refuse(response, adapter, failure, requestId, headers);
    }
  }

  write(): void {
    const { response, body } = this;
    this.writesSoon = false;
    if (!this.ended) response.socket?.uncork();
    else if (body === undefined) response.end();
    else endWith(response, body);
  }

  private end(): void {
    this.ended = true;
    this.writeSoon();
  }

  private writeSoon(): void {
    if (this.writesSoon) return;
    this.writesSoon = true;
    turnEnd.add(this);
  }

  /** `length`: of the body in bytes, if known. */
  private writeHead(head: ExchangeHead, length?: number): void {
    const headers = answerHeaders(head, this.asked);
    if (head.streamed) headers['x-accel-buffering'] = 'no';
    if (length !== undefined) headers['content-length'] = String(length);
    this.asked.gateway.heads.write(this.response, head.status, headers);
  }
}

/**
 * Up to this size, writing the body as a string is cheaper: Node then writes head and body in one piece, from the stack (StringWrite's
 * `TryWrite` takes up to 16 KiB).
 */
const maxStringBytes = 8 * 1024;

/** Ends a response with its whole body. Latin-1 maps each byte to one character, so the bytes are preserved. */
function endWith(response: ServerResponse, bytes: Uint8Array): void {
  if (bytes.length > maxStringBytes) response.end(bytes);
  else response.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'), 'latin1');
}
