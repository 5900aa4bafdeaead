import { isJsonObject, type JsonObject, parseJsonObject } from '../json.js';
import { readEvents, writeData } from '../sse/events.js';
import { SseFramer } from '../sse/framer.js';
import { doneMarker } from '../surfaces/chat-fold.js';
import { fallbackModel } from '../surfaces/messages-blocks.js';
import { contentDetails } from './block-details.js';
import { type ChatAnswerOptions, chatHead, foreignFields } from './chat-body.js';
import { errorEventToChat } from './chat-error.js';
import { chatUsage, finishFields, present } from './chat-finish.js';
import { StreamBlock } from './stream-block.js';

/** Translates one stream of message events to chunks of a chat completion. */
export interface MessagesToChatStream {
  /** Adds the next bytes, split anywhere; returns whole events, or `undefined` if none is complete yet. */
  push(bytes: Uint8Array): Uint8Array | undefined;
  /** Ends the stream; returns what an event without its blank line yields. A truncated stream gets no `[DONE]`. */
  end(): Uint8Array | undefined;
  /** Bytes held of an incomplete event. */
  readonly pendingBytes: number;
}

/**
 * Creates an incremental translator, which passes on each event as soon as it is complete. Usage always comes before `[DONE]`. An `error`
 * event becomes an error frame, and nothing follows it. Folded, the chunks make what `messagesToChatBody` makes of the whole message.
 */
export function createMessagesToChatStream(options: ChatAnswerOptions): MessagesToChatStream {
  return new Translator(options);
}

class Translator implements MessagesToChatStream {
  private readonly options: ChatAnswerOptions;
  private readonly framer: SseFramer = new SseFramer();
  private readonly blocks: Map<number, StreamBlock> = new Map();
  private message: JsonObject = {};
  /** Prefix of every chunk: JSON without its closing brace. Serialised once, since a stream has thousands of chunks. */
  private head: string | undefined;
  private usage: JsonObject | undefined;
  private calls = 0;
  private ended = false;

  constructor(options: ChatAnswerOptions) {
    this.options = options;
  }

  get pendingBytes(): number {
    return this.framer.pendingBytes;
  }

  push(bytes: Uint8Array): Uint8Array | undefined {
    const group = this.framer.push(bytes);
    return group === undefined ? undefined : this.translate(group);
  }

  end(): Uint8Array | undefined {
    const rest = this.framer.rest();
    return rest === undefined ? undefined : this.translate(rest);
  }

  private translate(group: Uint8Array): Uint8Array | undefined {
    let text = '';
    for (const { data } of readEvents(group)) {
      if (this.ended) break;
      const event = parseJsonObject(data);
      text += event === undefined ? this.fail(broken('An event of it is not JSON.')) : this.read(event);
    }
    return text === '' ? undefined : Buffer.from(text);
  }

  private read(event: JsonObject): string {
    if (event.type === 'error') return this.fail(event);
    if (event.type === 'message_start') return this.begin(isJsonObject(event.message) ? event.message : {});
    if (event.type === 'ping') return '';
    const { head } = this;
    // Events before `message_start` cannot be translated.
    if (head === undefined) return this.fail(broken('It does not begin with message_start.'));
    const index = typeof event.index === 'number' ? event.index : 0;
    switch (event.type) {
      case 'content_block_start':
        return this.openBlock(index, isJsonObject(event.content_block) ? event.content_block : {});
      case 'content_block_delta':
        return deltas(head, this.blocks.get(index)?.delta(isJsonObject(event.delta) ? event.delta : {}));
      case 'content_block_stop':
        return deltas(head, this.blocks.get(index)?.close());
      case 'message_delta':
        return this.finish(head, event);
      case 'message_stop':
        this.ended = true;
        return this.tellUsage(head) + writeData(doneMarker);
      default:
        // Unknown kinds of events are ignored, as with deltas.
        return '';
    }
  }

  private begin(message: JsonObject): string {
    const head = this.nameHead(message);
    this.countTokens(message);
    const first = { index: 0, delta: { role: 'assistant', refusal: null }, finish_reason: null };
    return chunk(head, { ...foreignFields(message), choices: [first] });
  }

  private nameHead(message: JsonObject): string {
    this.message = message;
    const head = { ...chatHead(message, this.options), object: 'chat.completion.chunk' };
    this.head = JSON.stringify(head).slice(0, -1);
    return this.head;
  }

  private openBlock(index: number, start: JsonObject): string {
    const model = fallbackModel(start);
    const head = this.nameHead(model === undefined ? this.message : { ...this.message, model });
    const block = new StreamBlock(start, index, this.calls);
    if (block.isToolCall) this.calls++;
    this.blocks.set(index, block);
    return deltas(head, block.open());
  }

  private finish(head: string, event: JsonObject): string {
    this.countTokens(event);
    const { delta: ending, type: _type, usage: _usage, ...rest } = event;
    if (!isJsonObject(ending) || typeof ending.stop_reason !== 'string') return '';
    const { stop_reason: _reason, stop_sequence: _sequence, stop_details: _details, ...foreign } = ending;
    const last = { index: 0, delta: this.leftToSay(), ...finishFields(ending) };
    return chunk(head, { ...present({ ...rest, ...foreign }), choices: [last] });
  }

  /** The fields that depend on the whole answer. */
  private leftToSay(): JsonObject {
    const ordered = [...this.blocks].sort(([a], [b]) => a - b).map(([, block]) => block);
    const details = contentDetails(ordered.map((block) => block.detail()));
    const annotations: JsonObject[] = [];
    let offset = 0;
    for (const block of ordered) {
      annotations.push(...block.annotations(offset));
      offset += block.length;
    }
    return {
      ...(details === undefined ? {} : { content_details: details }),
      ...(annotations.length === 0 ? {} : { annotations }),
    };
  }

  /** Omits usage that the server did not report, rather than sending zeros. */
  private tellUsage(head: string): string {
    return this.usage === undefined ? '' : chunk(head, { choices: [], usage: chatUsage(this.usage) });
  }

  /** Counts are cumulative; a later event omits, or sets to null, those it does not update. */
  private countTokens({ usage }: JsonObject): void {
    if (isJsonObject(usage)) this.usage = { ...this.usage, ...present(usage) };
  }

  private fail(event: JsonObject): string {
    this.ended = true;
    return writeData(JSON.stringify(errorEventToChat(event)));
  }
}

/** The error event for a stream that cannot be understood. */
function broken(problem: string): JsonObject {
  return { error: { type: 'api_error', message: `The provider's stream cannot be read. ${problem}` } };
}

function deltas(head: string, list: readonly JsonObject[] = []): string {
  return list
    .map((delta) =>
      writeData(`${head},"choices":[{"index":0,"delta":${JSON.stringify(delta)},"finish_reason":null}]}`),
    )
    .join('');
}

/** A chunk with these fields; there must be at least one. */
function chunk(head: string, fields: JsonObject): string {
  return writeData(`${head},${JSON.stringify(fields).slice(1)}`);
}
