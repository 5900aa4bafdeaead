import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  jsonObjects,
  type ParseJson,
  parseJsonObject,
} from '../json.js';
import type { SseEvent } from '../sse/events.js';
import type { FoldedStream } from './adapter.js';
import { joinedBase64, withPiece } from './chat-content.js';
import type { EventFolder, EventNote, Repetition } from './event-folder.js';
import { isIdentity, isMergeable, mergeDelta } from './merge-delta.js';
import { ToolCallPlaces } from './tool-call-places.js';

export const doneMarker = '[DONE]';

/** Fields of a chunk that belong to the stream rather than the answer. `obfuscation` is random padding. */
const streamOnlyFields: ReadonlySet<string> = new Set(['choices', 'object', 'usage', 'obfuscation']);

/** Those whose value differs in every event. */
const paddingFields: ReadonlySet<string> = new Set(['obfuscation']);

/** Fields of a choice with their own merging rules. */
const mergedFields: ReadonlySet<string> = new Set(['delta', 'index', 'logprobs']);

interface FoldingChoice {
  readonly fields: JsonObject;
  readonly message: JsonObject;
  readonly calls: ToolCallPlaces;
}

/** Folds the chunks of a chat completion into the body that the same request gets without `stream`. */
export class ChatFolder implements EventFolder {
  private readonly body: JsonObject = {};
  private readonly choices: Map<number, FoldingChoice> = new Map();
  private terminated = false;
  private failure: FoldedStream | undefined;
  private readonly parse: ParseJson | undefined;

  constructor(parse?: ParseJson) {
    this.parse = parse;
  }

  add({ event, data }: SseEvent): EventNote | undefined {
    if (this.failure !== undefined) return undefined;
    if (data.trim() === doneMarker) {
      this.terminated = true;
      return undefined;
    }
    const chunk = parseJsonObject(data, this.parse);
    if (chunk === undefined) this.failure = failed('An event of the stream was not JSON.');
    else if (isGiven(chunk.error)) this.failure = failed(chunk.error);
    else if (event === 'error') this.failure = failed(chunk);
    else return this.addChunk(chunk);
    return undefined;
  }

  end(): FoldedStream {
    const { body, choices, terminated } = this;
    if (this.failure !== undefined) return this.failure;
    if (choices.size === 0) return { terminated, finished: false };
    body.object = 'chat.completion';
    body.choices = [...choices].sort(([a], [b]) => a - b).map(([index, choice]) => finish(index, choice));
    const finished = [...choices.values()].every(({ fields }) => typeof fields.finish_reason === 'string');
    return { terminated, finished, body };
  }

  private addChunk(chunk: JsonObject): EventNote | undefined {
    const { body, choices } = this;
    for (const name in chunk) {
      const value = chunk[name];
      if (streamOnlyFields.has(name) || value === undefined) continue;
      if (value !== null || body[name] === undefined) body[name] = value;
    }
    if (isJsonObject(chunk.usage)) body.usage = chunk.usage;
    const added = jsonObjects(chunk.choices);
    for (const choice of added) foldChoice(choices, choice);
    if (isJsonObject(chunk.usage) && Array.isArray(chunk.choices) && chunk.choices.length === 0) {
      return 'reports-usage-only';
    }
    const [only, ...others] = added;
    return only === undefined || others.length > 0 ? undefined : this.repetitionOf(only);
  }

  /** Predicts the next chunk, if this one only appended text to one choice. */
  private repetitionOf(choice: JsonObject): Repetition | undefined {
    // Log probabilities accumulate: a repeated chunk would have to add its own again.
    if (!isJsonObject(choice.delta) || isJsonObject(choice.logprobs)) return undefined;
    const message = this.choices.get(indexOf(choice))?.message;
    const [name, ...others] = Object.keys(choice.delta);
    if (message === undefined || name === undefined || others.length > 0 || isIdentity(name))
      return undefined;
    const value = choice.delta[name];
    if (typeof value !== 'string' || typeof message[name] !== 'string') return undefined;
    return {
      name,
      value,
      others: paddingFields,
      append: (text) => {
        message[name] = (message[name] as string) + text;
      },
    };
  }
}

function indexOf(choice: JsonObject): number {
  return typeof choice.index === 'number' ? choice.index : 0;
}

function isGiven(value: JsonValue | undefined): value is JsonValue {
  return value !== undefined && value !== null;
}

function failed(error: JsonValue): FoldedStream {
  return {
    terminated: false,
    finished: false,
    error: isJsonObject(error) ? error : { message: String(error) },
  };
}

function choiceAt(choices: Map<number, FoldingChoice>, index: number): FoldingChoice {
  const known = choices.get(index);
  if (known !== undefined) return known;
  const choice = { fields: {}, message: {}, calls: new ToolCallPlaces() };
  choices.set(index, choice);
  return choice;
}

function foldChoice(choices: Map<number, FoldingChoice>, chunk: JsonObject): void {
  const { message, fields, calls } = choiceAt(choices, indexOf(chunk));
  const { delta, logprobs } = chunk;
  if (isJsonObject(delta)) addDelta(message, delta.tool_calls === undefined ? delta : placed(delta, calls));
  if (logprobs !== undefined) mergeDelta(fields, { logprobs });
  for (const name in chunk) {
    const value = chunk[name];
    const before = fields[name];
    if (mergedFields.has(name) || (value === null && before !== undefined)) continue;
    // Azure's content filter sends its results in parts, without a final summary.
    fields[name] = isMergeable(value) && isMergeable(before) ? { ...before, ...value } : value;
  }
}

function addDelta(message: JsonObject, delta: JsonObject): void {
  const { content, ...rest } = delta;
  if (Array.isArray(content) || Array.isArray(message.content)) {
    message.content = withPiece(message.content, content ?? '');
    mergeDelta(message, rest);
  } else mergeDelta(message, delta);
}

/** The delta with the `index` of each tool call piece corrected. */
function placed(delta: JsonObject, calls: ToolCallPlaces): JsonObject {
  const { tool_calls } = delta;
  if (!Array.isArray(tool_calls)) return delta;
  return {
    ...delta,
    tool_calls: tool_calls.map((piece) =>
      isJsonObject(piece) ? { ...piece, index: calls.placeOf(piece) } : piece,
    ),
  };
}

function finish(index: number, { fields, message }: FoldingChoice): JsonObject {
  const answer: JsonObject = { role: 'assistant', content: null, ...message };
  const { tool_calls, audio } = answer;
  if (Array.isArray(tool_calls)) answer.tool_calls = inOrder(tool_calls).map(withoutIndex);
  if (isJsonObject(audio) && typeof audio.data === 'string')
    answer.audio = { ...audio, data: joinedBase64(audio.data) };
  return { index, message: answer, finish_reason: null, ...fields };
}

function inOrder(calls: readonly JsonValue[]): JsonValue[] {
  const place = (call: JsonValue): number => (isJsonObject(call) ? indexOf(call) : 0);
  return [...calls].sort((a, b) => place(a) - place(b));
}

/** `index` only serves to assign the pieces of a tool call; in the body, the order of the array replaces it. */
function withoutIndex(call: JsonValue): JsonValue {
  if (!isJsonObject(call)) return call;
  const { index: _index, ...rest } = call;
  return rest;
}
