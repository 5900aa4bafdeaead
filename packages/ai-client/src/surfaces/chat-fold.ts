import { isJsonObject, type JsonObject, type JsonValue, jsonObjects, parseJsonObject } from '../json.js';
import type { SseEvent } from '../sse/events.js';
import type { FoldedStream } from './adapter.js';
import { mergeDelta } from './merge-delta.js';
import { RepeatedEvent } from './repeated-event.js';

export const doneMarker = '[DONE]';

/** Fields of a chunk that belong to the stream, not to the answer. `obfuscation` is random padding. */
const streamOnlyFields: ReadonlySet<string> = new Set(['choices', 'object', 'usage', 'obfuscation']);

interface FoldingChoice {
  readonly fields: JsonObject;
  readonly message: JsonObject;
}

/** Folds the chunks of a chat completion into the body that the same request gets without `stream`. */
export function foldChat(events: readonly SseEvent[]): FoldedStream {
  const body: JsonObject = {};
  const choices = new Map<number, FoldingChoice>();
  let terminated = false;
  let repeated: RepeatedText | undefined;
  for (const event of events) {
    const text = repeated?.event.read(event.data);
    if (repeated !== undefined && text !== undefined) {
      repeated.message.content += text;
      continue;
    }
    repeated = undefined;
    if (event.data.trim() === doneMarker) {
      terminated = true;
      continue;
    }
    const chunk = parseJsonObject(event.data);
    if (chunk === undefined) return failed('An event of the stream was not JSON.');
    if (chunk.error !== undefined && chunk.error !== null) return failed(chunk.error);
    for (const [name, value] of Object.entries(chunk)) {
      if (
        !streamOnlyFields.has(name) &&
        value !== undefined &&
        (value !== null || body[name] === undefined)
      ) {
        body[name] = value;
      }
    }
    if (isJsonObject(chunk.usage)) body.usage = chunk.usage;
    for (const choice of jsonObjects(chunk.choices)) foldChoice(choices, choice);
    repeated = repeatedText(event.data, chunk, choices);
  }
  if (choices.size === 0) return { terminated, finished: false };
  body.object = 'chat.completion';
  body.choices = [...choices].sort(([a], [b]) => a - b).map(([index, choice]) => finish(index, choice));
  const finished = [...choices.values()].every(({ fields }) => typeof fields.finish_reason === 'string');
  return { terminated, finished, body };
}

interface RepeatedText {
  readonly event: RepeatedEvent;
  readonly message: { content: string };
}

/** What the next event is likely to look like, when this one added text to one choice and did nothing else. */
function repeatedText(
  data: string,
  chunk: JsonObject,
  choices: ReadonlyMap<number, FoldingChoice>,
): RepeatedText | undefined {
  const [choice, ...others] = jsonObjects(chunk.choices);
  if (choice === undefined || others.length > 0 || !isJsonObject(choice.delta)) return undefined;
  const { content, ...rest } = choice.delta;
  if (typeof content !== 'string' || Object.keys(rest).length > 0) return undefined;
  // Added to what was there, probabilities would not be the same the second time.
  if (isJsonObject(choice.logprobs)) return undefined;
  const message = choices.get(indexOf(choice))?.message;
  const event = RepeatedEvent.of(data, 'content', content);
  return event !== undefined && hasText(message) ? { event, message } : undefined;
}

function hasText(message: JsonObject | undefined): message is JsonObject & { content: string } {
  return typeof message?.content === 'string';
}

function indexOf(choice: JsonObject): number {
  return typeof choice.index === 'number' ? choice.index : 0;
}

function failed(error: JsonValue): FoldedStream {
  return {
    terminated: false,
    finished: false,
    error: isJsonObject(error) ? error : { message: String(error) },
  };
}

function foldChoice(choices: Map<number, FoldingChoice>, chunk: JsonObject): void {
  const index = indexOf(chunk);
  const choice = choices.get(index) ?? { fields: {}, message: {} };
  choices.set(index, choice);
  const { delta, index: _index, logprobs, ...fields } = chunk;
  if (isJsonObject(delta)) mergeDelta(choice.message, delta);
  if (logprobs !== undefined) mergeDelta(choice.fields, { logprobs });
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null || choice.fields[name] === undefined) choice.fields[name] = value;
  }
}

function finish(index: number, { fields, message }: FoldingChoice): JsonObject {
  const answer: JsonObject = { role: 'assistant', content: null, ...message };
  if (Array.isArray(answer.tool_calls)) answer.tool_calls = inOrder(answer.tool_calls).map(withoutIndex);
  return { index, message: answer, finish_reason: null, ...fields };
}

function inOrder(calls: readonly JsonValue[]): JsonValue[] {
  const place = (call: JsonValue): number => (isJsonObject(call) ? indexOf(call) : 0);
  return [...calls].sort((a, b) => place(a) - place(b));
}

/** A tool call's `index` says where its next piece belongs; the body has the order of the array instead. */
function withoutIndex(call: JsonValue): JsonValue {
  if (!isJsonObject(call)) return call;
  const { index: _index, ...rest } = call;
  return rest;
}
