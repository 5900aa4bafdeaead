import { isJsonObject, type JsonObject, type JsonValue, jsonObjects, parseJsonObject } from '../json.js';
import type { SseEvent } from '../sse/events.js';
import type { FoldedStream } from './adapter.js';
import { mergeDelta } from './merge-delta.js';

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
  for (const event of events) {
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
  }
  if (choices.size === 0) return { terminated, finished: false };
  body.object = 'chat.completion';
  body.choices = [...choices].sort(([a], [b]) => a - b).map(([index, choice]) => finish(index, choice));
  const finished = [...choices.values()].every(({ fields }) => typeof fields.finish_reason === 'string');
  return { terminated, finished, body };
}

function failed(error: JsonValue): FoldedStream {
  return {
    terminated: false,
    finished: false,
    error: isJsonObject(error) ? error : { message: String(error) },
  };
}

function foldChoice(choices: Map<number, FoldingChoice>, chunk: JsonObject): void {
  const index = typeof chunk.index === 'number' ? chunk.index : 0;
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
  const indexOf = (call: JsonValue): number =>
    isJsonObject(call) && typeof call.index === 'number' ? call.index : 0;
  return [...calls].sort((a, b) => indexOf(a) - indexOf(b));
}

/** A tool call's `index` says where its next piece belongs; the body has the order of the array instead. */
function withoutIndex(call: JsonValue): JsonValue {
  if (!isJsonObject(call)) return call;
  const { index: _index, ...rest } = call;
  return rest;
}
