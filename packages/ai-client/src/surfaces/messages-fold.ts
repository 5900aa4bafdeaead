import { isJsonObject, type JsonObject, parseJsonObject } from '../json.js';
import type { SseEvent } from '../sse/events.js';
import type { FoldedStream } from './adapter.js';
import { BlockFolder } from './messages-blocks.js';
import { RepeatedEvent } from './repeated-event.js';

/** The kinds of deltas that come many times in a row, and the one field in which they differ. */
const textOfDelta: ReadonlyMap<unknown, string> = new Map([
  ['text_delta', 'text'],
  ['thinking_delta', 'thinking'],
  ['input_json_delta', 'partial_json'],
]);

/** Folds the events of a message into the body that the same request gets without `stream`. */
export function foldMessage(events: readonly SseEvent[]): FoldedStream {
  const blocks = new BlockFolder();
  let message: JsonObject | undefined;
  let stopped = false;
  let repeated: RepeatedDelta | undefined;
  for (const event of events) {
    const text = repeated?.event.read(event.data);
    if (repeated !== undefined && text !== undefined) {
      blocks.append(repeated.index, repeated.field, text);
      continue;
    }
    repeated = undefined;
    const data = parseJsonObject(event.data);
    if (data === undefined) return failed({ message: 'An event of the stream was not JSON.' });
    const { type, index, delta } = data;
    const at = typeof index === 'number' ? index : 0;
    switch (typeof type === 'string' ? type : event.event) {
      case 'error':
        return failed(isJsonObject(data.error) ? data.error : { message: String(data.error) });
      case 'message_start':
        if (isJsonObject(data.message)) message = data.message;
        break;
      case 'content_block_start':
        if (isJsonObject(data.content_block)) blocks.start(at, data.content_block);
        break;
      case 'content_block_delta':
        if (!isJsonObject(delta)) break;
        blocks.add(at, delta);
        repeated = repeatedDelta(event.data, at, delta);
        break;
      case 'content_block_stop':
        blocks.stop(at);
        break;
      case 'message_delta':
        if (message !== undefined) message = changed(message, data);
        break;
      case 'message_stop':
        stopped = true;
        break;
    }
  }
  if (message === undefined) return { terminated: false, finished: false };
  const { content, whole } = blocks.finish();
  const body: JsonObject = { ...message, content };
  // A block that was never closed, or an input that is no JSON, makes a stream that can be read on and no proven answer.
  return { body, terminated: stopped && whole, finished: typeof body.stop_reason === 'string' };
}

interface RepeatedDelta {
  readonly event: RepeatedEvent;
  readonly index: number;
  readonly field: string;
}

/** What the next event is likely to look like. */
function repeatedDelta(data: string, index: number, delta: JsonObject): RepeatedDelta | undefined {
  const field = textOfDelta.get(delta.type);
  const value = field === undefined ? undefined : delta[field];
  if (field === undefined || typeof value !== 'string') return undefined;
  // A field that nobody documented would have to be added as well.
  const event = Object.keys(delta).length === 2 ? RepeatedEvent.of(data, field, value) : undefined;
  return event === undefined ? undefined : { event, index, field };
}

function failed(error: JsonObject): FoldedStream {
  return { terminated: false, finished: false, error };
}

/** `delta` and whatever else the event holds are fields of the message; the counts of its usage are totals. */
function changed(message: JsonObject, event: JsonObject): JsonObject {
  const { type: _type, delta, usage, ...rest } = event;
  const totals = isJsonObject(message.usage) ? message.usage : {};
  return {
    ...laidOver(laidOver(message, rest), isJsonObject(delta) ? delta : {}),
    ...(isJsonObject(usage) ? { usage: laidOver(totals, usage) } : {}),
  };
}

/** The fields of `before` with those of `after` in their place. A null says nothing new of a field that is known. */
function laidOver(before: JsonObject, after: JsonObject): JsonObject {
  const news = Object.entries(after).filter(([name, value]) => value !== null || before[name] === undefined);
  return { ...before, ...Object.fromEntries(news) };
}
