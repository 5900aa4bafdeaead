import { AiError } from '../errors.js';
import type { Exchange, ExchangeHead, ExchangeSink } from '../exchange.js';
import { isJsonObject, type JsonObject, jsonObjects, parseJsonObject } from '../json.js';
import { readEvents, type SseEvent } from '../sse/events.js';
import { doneMarker, foldChat } from '../surfaces/chat-fold.js';
import type { GenerationEvent } from './ai-client.js';
import { providerError } from './provider-error.js';
import { toGeneration } from './read-generation.js';

/** Events that may wait for a reader before the exchange is held. */
const highWaterMark = 16;

/**
 * Turns a streamed answer into events and keeps them until they are read. Unlike a `ReadableStream`, it gives what came
 * before a failure, and then the failure: partial text is worth keeping.
 */
export class GenerationSink implements ExchangeSink {
  private readonly waiting: GenerationEvent[] = [];
  private readonly seen: SseEvent[] = [];
  private failure: { readonly error: unknown } | undefined;
  private head: ExchangeHead | undefined;
  private body: JsonObject | undefined;
  private wake: (() => void) | undefined;

  onHead(head: ExchangeHead): void {
    this.head = head;
  }

  onData(bytes: Uint8Array): boolean {
    if (this.head?.streamed === true) for (const event of readEvents(bytes)) this.take(event);
    else this.body = parseJsonObject(Buffer.from(bytes).toString());
    this.wake?.();
    return this.waiting.length < highWaterMark;
  }

  onEnd(): void {
    const { head } = this;
    if (head === undefined || head.status >= 300) {
      this.onError(head === undefined ? broken('It has no head.') : providerError(head, this.body));
      return;
    }
    const { body, error } = foldChat(this.seen);
    if (error !== undefined) this.onError(broken(typeof error.message === 'string' ? error.message : ''));
    else if (body === undefined) this.onError(broken('It holds no text.'));
    else this.waiting.push({ type: 'done', generation: toGeneration(head, body) });
    this.wake?.();
  }

  onError(error: unknown): void {
    this.failure = { error };
    this.wake?.();
  }

  /** The next event, once there is one; `exchange` is told when there is room again. */
  async next(exchange: Exchange): Promise<GenerationEvent> {
    while (true) {
      const event = this.waiting.shift();
      if (event !== undefined) {
        if (this.waiting.length < highWaterMark) exchange.resume();
        return event;
      }
      if (this.failure !== undefined) throw this.failure.error;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = undefined;
    }
  }

  private take(event: SseEvent): void {
    this.seen.push(event);
    if (event.data.trim() === doneMarker) return;
    const choice = jsonObjects(parseJsonObject(event.data)?.choices).find(({ index }) => index === 0);
    const text = isJsonObject(choice?.delta) ? choice.delta.content : undefined;
    if (typeof text === 'string' && text !== '') this.waiting.push({ type: 'text', text });
  }
}

function broken(said: string): AiError {
  return new AiError('AI_RESPONSE_INVALID', `The provider's stream is not an answer. ${said}`, {
    hint: 'Ask again: nothing of the broken answer was stored.',
    retryable: true,
  });
}
