import type { ServerResponse } from 'node:http';
import type { Exchange, ExchangeFacts, ExchangeHead, ExchangeSink } from '@ai-toolkit/ai-client';
import { type Asked, answerHeaders, failureHeaders } from './answer-headers.js';
import { failureOf } from './failure-of.js';
import { failureFacts, refuse } from './refuse.js';
import { toldTo } from './told-to.js';
import { TurnEnd, type Writer } from './turn-end.js';

/** All answers of the process are written at the same time. */
const turnEnd = new TurnEnd();

/** Writes an exchange to an HTTP response: events as they come, a body in one piece with its length. */
export class ResponseSink implements ExchangeSink, Writer {
  private readonly response: ServerResponse;
  private readonly asked: Asked;
  private head: ExchangeHead | undefined;
  /** The last events that went out. */
  private sent: Uint8Array | undefined;
  /** The whole body, where it came in one piece. */
  private body: Uint8Array | undefined;
  /** All of the answer is there to be written. */
  private ended = false;
  /** Waits for the end of the turn. */
  private writesSoon = false;

  constructor(response: ServerResponse, asked: Asked) {
    this.response = response;
    this.asked = asked;
  }

  /** Ties the two ends: who leaves ends the exchange, who can read on lets it go on. */
  attach(exchange: Exchange): void {
    // What came from memory has been given already, and its connection is nobody's concern any more.
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
    // A comment alone tells nothing of where the stream stands.
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
    // The head is out: the stream ends with an error frame and never with a clean terminal event.
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

  /** `length`: of the body in bytes, where that is known. */
  private writeHead(head: ExchangeHead, length?: number): void {
    const headers = answerHeaders(head, this.asked);
    if (head.streamed) headers['x-accel-buffering'] = 'no';
    if (length !== undefined) headers['content-length'] = String(length);
    this.asked.gateway.heads.write(this.response, head.status, headers);
  }
}

/**
 * Up to here a body as a string is cheaper than as bytes: Node then writes it with its head in one piece, from the stack (`TryWrite` of
 * its StringWrite takes 16 KiB).
 */
const maxStringBytes = 8 * 1024;

/** Ends a response with its whole body. Latin-1 has one byte for each character, so the bytes stay what they are. */
function endWith(response: ServerResponse, bytes: Uint8Array): void {
  if (bytes.length > maxStringBytes) response.end(bytes);
  else response.end(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'), 'latin1');
}
