import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';
import { writeData } from '../sse/events.js';
import { doneMarker } from './chat-fold.js';

/** Roughly one token: a word with the white space before it. */
const piece = /\s*\S+|\s+$/g;

/**
 * Expands a chat completion into the chunks that a streamed request would have received: the role, the text in pieces, each tool call with
 * its arguments, the finish reason, the usage, and the terminal event.
 */
export function expandChat(body: JsonObject): Uint8Array {
  const { choices, usage, ...head } = body;
  // An error sent with status 200: SDKs recognise it in a data frame, and without `[DONE]` it does not pass for an answer.
  const isError = body.error !== undefined && body.error !== null;
  if (isError || !Array.isArray(choices)) return Buffer.from(writeData(JSON.stringify(body)));
  const frames: string[] = [];
  const emit = (fields: JsonObject): void => {
    frames.push(writeData(JSON.stringify({ ...head, object: 'chat.completion.chunk', ...fields })));
  };
  for (const choice of jsonObjects(choices)) {
    const { message, finish_reason, logprobs, ...rest } = choice;
    const deltas = isJsonObject(message) ? deltasOf(message) : [{}];
    for (const [position, delta] of deltas.entries()) {
      // A body has a single list of token probabilities; sent whole with the first chunk, it folds back into the same list.
      const probabilities = position === 0 && logprobs !== undefined ? { logprobs } : {};
      emit({ choices: [{ ...rest, delta, ...probabilities, finish_reason: null }] });
    }
    emit({ choices: [{ ...rest, delta: {}, finish_reason: finish_reason ?? null }] });
  }
  if (isJsonObject(usage)) emit({ choices: [], usage });
  frames.push(writeData(doneMarker));
  return Buffer.from(frames.join(''));
}

/** Splits the message into deltas. The first has the role and every field that is not text. */
function deltasOf(message: JsonObject): JsonObject[] {
  const { content, tool_calls, ...rest } = message;
  const text = typeof content === 'string' ? content : undefined;
  const first: JsonObject = { ...rest };
  if (content !== undefined) first.content = text === undefined ? content : '';
  const deltas: JsonObject[] = [first];
  for (const part of text?.match(piece) ?? []) deltas.push({ content: part });
  for (const [index, call] of jsonObjects(tool_calls).entries()) {
    const named = isJsonObject(call.function) ? call.function : undefined;
    const argumentText = typeof named?.arguments === 'string' ? named.arguments : undefined;
    if (named === undefined || argumentText === undefined) {
      deltas.push({ tool_calls: [{ index, ...call }] });
      continue;
    }
    deltas.push({ tool_calls: [{ index, ...call, function: { ...named, arguments: '' } }] });
    for (const part of argumentText.match(piece) ?? []) {
      deltas.push({ tool_calls: [{ index, function: { arguments: part } }] });
    }
  }
  return deltas;
}
