import type { Exchange, ExchangeHead, ExchangeSink } from '../exchange.js';
import { isJsonObject, type JsonObject, jsonObjects, parseJsonObject } from '../json.js';
import { readEvents, type SseEvent } from '../sse/events.js';
import { ChatFolder, doneMarker } from '../surfaces/chat-fold.js';
import { ToolCallPlaces } from '../surfaces/tool-call-places.js';
import type { GenerationEvent } from './ai-client.js';
import { brokenAnswer } from './broken-answer.js';
import { argumentsTextOf, reasoningOf, textOf, toGeneration } from './chat-answer.js';
import { providerError } from './provider-error.js';

/** Events buffered for the reader before the exchange is paused. */
const highWaterMark = 16;

/**
 * Turns a streamed answer into events and buffers them for a reader. Unlike a `ReadableStream`, it delivers what came before a failure, and
 * then the failure: partial text is worth keeping.
 */
export class GenerationSink implements ExchangeSink {
  private readonly waiting: GenerationEvent[] = [];
  private readonly folder: ChatFolder = new ChatFolder();
  private failure: { readonly error: unknown } | undefined;
  private head: ExchangeHead | undefined;
  /** Body of an error sent instead of a stream. */
  private body: Uint8Array = new Uint8Array();
  private wake: (() => void) | undefined;
  private readonly places: ToolCallPlaces = new ToolCallPlaces();
  /** Tool calls that have begun, by index. */
  private readonly calls: Map<number, { readonly id: string; readonly name: string }> = new Map();

  onHead(head: ExchangeHead): void {
    this.head = head;
  }

  onData(bytes: Uint8Array): boolean {
    if (this.head?.streamed === true) for (const event of readEvents(bytes)) this.take(event);
    else this.body = bytes;
    this.wake?.();
    return this.waiting.length < highWaterMark;
  }

  onEnd(): void {
    const { head } = this;
    if (head === undefined || head.status >= 300) {
      this.onError(head === undefined ? brokenAnswer('It has no head.') : providerError(head, this.body));
      return;
    }
    const { body, error } = this.folder.end();
    if (error !== undefined)
      this.onError(brokenAnswer(typeof error.message === 'string' ? error.message : ''));
    else if (body === undefined) this.onError(brokenAnswer('It holds no text.'));
    else this.waiting.push({ type: 'done', generation: toGeneration(head, body) });
    this.wake?.();
  }

  onError(error: unknown): void {
    this.failure = { error };
    this.wake?.();
  }

  /** Resolves with the next event; resumes `exchange` when there is room again. */
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
    this.folder.add(event);
    if (event.data.trim() === doneMarker) return;
    const choice = jsonObjects(parseJsonObject(event.data)?.choices).find(({ index = 0 }) => index === 0);
    if (!isJsonObject(choice?.delta)) return;
    const { delta } = choice;
    const reasoning = reasoningOf(delta);
    if (reasoning !== undefined) this.waiting.push({ type: 'reasoning', text: reasoning });
    const text = textOf(delta);
    if (text !== undefined) this.waiting.push({ type: 'text', text });
    for (const call of jsonObjects(delta.tool_calls)) this.takeCall(call);
  }

  /** Only the first piece of a call has its name and id. */
  private takeCall(part: JsonObject): void {
    const { id, function: piece } = part;
    const index = this.places.placeOf(part);
    if (!isJsonObject(piece)) return;
    const call = this.calls.get(index) ?? {
      id: typeof id === 'string' ? id : '',
      name: typeof piece.name === 'string' ? piece.name : '',
    };
    this.calls.set(index, call);
    this.waiting.push({ type: 'tool-call', index, ...call, argumentsText: argumentsTextOf(piece) });
  }
}
