import { isJsonObject, type JsonObject, type ParseJson, parseJsonObject } from '../json.js';
import type { SseEvent } from '../sse/events.js';
import type { FoldedStream } from './adapter.js';
import type { EventFolder, EventNote, Repetition } from './event-folder.js';
import { BlockFolder, fallbackModel } from './messages-blocks.js';

/** Kinds of deltas that come many times in a row, with the one field in which they differ. */
const textOfDelta: ReadonlyMap<unknown, string> = new Map([
  ['text_delta', 'text'],
  ['thinking_delta', 'thinking'],
  ['input_json_delta', 'partial_json'],
]);

/** Folds the events of a message into the body that the same request gets without `stream`. */
export class MessageFolder implements EventFolder {
  private readonly blocks = new BlockFolder();
  private message: JsonObject | undefined;
  private stopped = false;
  private failure: FoldedStream | undefined;
  private readonly parse: ParseJson | undefined;

  constructor(parse?: ParseJson) {
    this.parse = parse;
  }

  add(event: SseEvent): EventNote | undefined {
    if (this.failure !== undefined) return undefined;
    const data = parseJsonObject(event.data, this.parse);
    if (data === undefined) {
      this.failure = failed({ message: 'An event of the stream was not JSON.' });
      return undefined;
    }
    const { type, index, delta } = data;
    const at = typeof index === 'number' ? index : 0;
    switch (typeof type === 'string' ? type : event.event) {
      case 'error':
        this.failure = failed(isJsonObject(data.error) ? data.error : { message: String(data.error) });
        break;
      case 'message_start':
        if (isJsonObject(data.message)) this.message = data.message;
        break;
      case 'content_block_start':
        if (isJsonObject(data.content_block)) this.startBlock(at, data.content_block);
        break;
      case 'content_block_delta':
        if (!isJsonObject(delta)) break;
        this.blocks.add(at, delta);
        return this.repetitionOf(at, delta);
      case 'content_block_stop':
        this.blocks.stop(at);
        break;
      case 'message_delta':
        if (this.message !== undefined) this.message = changed(this.message, data);
        break;
      case 'message_stop':
        this.stopped = true;
        break;
    }
    return undefined;
  }

  end(): FoldedStream {
    const { message, failure } = this;
    if (failure !== undefined) return failure;
    // Of a stream too long to be kept, only the last events may be left.
    if (message === undefined) return { terminated: this.stopped, finished: false };
    const { content, whole } = this.blocks.finish();
    const body: JsonObject = { ...message, content };
    // With an unclosed block or an input that is not JSON, the stream can still be read, but does not prove a complete answer.
    return { body, terminated: this.stopped && whole, finished: typeof body.stop_reason === 'string' };
  }

  private startBlock(index: number, block: JsonObject): void {
    this.blocks.start(index, block);
    const model = fallbackModel(block);
    if (model !== undefined) this.message = { ...this.message, model };
  }

  private repetitionOf(index: number, delta: JsonObject): Repetition | undefined {
    const name = textOfDelta.get(delta.type);
    const value = name === undefined ? undefined : delta[name];
    // An undocumented field would have to be added as well.
    if (name === undefined || typeof value !== 'string' || Object.keys(delta).length !== 2) return undefined;
    return { name, value, append: (text) => this.blocks.append(index, name, text) };
  }
}

function failed(error: JsonObject): FoldedStream {
  return { terminated: false, finished: false, error };
}

/** `delta` and the event's other members are fields of the message; its usage counts are totals. */
function changed(message: JsonObject, event: JsonObject): JsonObject {
  const { type: _type, delta, usage, ...rest } = event;
  const totals = isJsonObject(message.usage) ? message.usage : {};
  return {
    ...laidOver(laidOver(message, rest), isJsonObject(delta) ? delta : {}),
    ...(isJsonObject(usage) ? { usage: laidOver(totals, usage) } : {}),
  };
}

/** Overrides fields of `before` by those of `after`, except that null does not override a known field. */
function laidOver(before: JsonObject, after: JsonObject): JsonObject {
  const news = Object.entries(after).filter(([name, value]) => value !== null || before[name] === undefined);
  return { ...before, ...Object.fromEntries(news) };
}
