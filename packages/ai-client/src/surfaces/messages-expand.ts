import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';
import { writeEvent } from '../sse/events.js';
import { unfoldBlock } from './messages-blocks.js';
import { textPieces } from './text-pieces.js';

/** Fields of a message that are only known at its end; sent by `message_delta`. */
const endingFields: readonly string[] = ['container', 'stop_reason', 'stop_sequence', 'stop_details'];

/** Counts that `message_delta` reports as totals. */
const totalFields: readonly string[] = [
  'input_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
  'output_tokens',
  'output_tokens_details',
  'server_tool_use',
  'iterations',
];

/**
 * Expands a message into the events that a streamed request would have received: the start, each block with its text, input or thinking in
 * pieces, the ending with its usage, and the stop.
 */
export function expandMessage(body: JsonObject): Uint8Array {
  const frames: string[] = [];
  const emit = (type: string, fields: JsonObject = {}): void => {
    frames.push(writeEvent(type, JSON.stringify({ type, ...fields })));
  };
  if (isJsonObject(body.error) || !Array.isArray(body.content)) {
    // An error sent with status 200.
    const error = isJsonObject(body.error)
      ? body.error
      : { type: 'api_error', message: 'The answer is no message.' };
    emit('error', { error });
    return Buffer.from(frames.join(''));
  }
  const { content, usage, context_management, ...rest } = body;
  const start: JsonObject = { ...rest, content: [] };
  const delta: JsonObject = {};
  for (const name of endingFields) {
    if (!(name in body)) continue;
    start[name] = null;
    delta[name] = body[name] ?? null;
  }
  const opening = isJsonObject(usage) ? { usage: startingUsage(usage) } : {};
  emit('message_start', { message: { ...start, ...opening } });
  for (const [index, block] of jsonObjects(content).entries()) {
    const unfolded = unfoldBlock(block, textPieces);
    emit('content_block_start', { index, content_block: unfolded.start });
    if (index === 0) emit('ping');
    for (const piece of unfolded.deltas) emit('content_block_delta', { index, delta: piece });
    emit('content_block_stop', { index });
  }
  emit('message_delta', {
    delta,
    ...(isJsonObject(usage) ? { usage: endingUsage(usage) } : {}),
    ...(context_management === undefined ? {} : { context_management }),
  });
  emit('message_stop');
  return Buffer.from(frames.join(''));
}

/** The usage known when a message starts: hardly any output. */
function startingUsage(usage: JsonObject): JsonObject {
  const { output_tokens } = usage;
  return typeof output_tokens === 'number' ? { ...usage, output_tokens: Math.min(1, output_tokens) } : usage;
}

function endingUsage(usage: JsonObject): JsonObject {
  return Object.fromEntries(totalFields.filter((name) => name in usage).map((name) => [name, usage[name]]));
}
