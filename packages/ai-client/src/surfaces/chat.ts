import { isJsonObject, type JsonObject, jsonObjects, parseJsonObject } from '../json.js';
import type { ByteRange } from '../sse/event-group.js';
import { readEvents, type SseEvent, writeData } from '../sse/events.js';
import type { SurfaceAdapter } from './adapter.js';
import { chatBypassReason } from './chat-bypass.js';
import { expandChat } from './chat-expand.js';
import { foldChat } from './chat-fold.js';
import { chatUsage, judgeChat } from './chat-judge.js';
import { frameBehind } from './error-frame.js';
import { openaiError } from './openai-errors.js';

const usageRequest = Buffer.from('"stream_options":{"include_usage":true},');
/** A field of every usage object, and seldom of anything else; without its first quote, which is too common to search for. */
const usageMark = 'prompt_tokens"';
const openingBrace = 0x7b;

/** OpenAI's chat completions, as many servers speak them. */
export const chatSurface: SurfaceAdapter = {
  surface: 'chat',
  path: '/chat/completions',
  keyExclusions: new Set([
    'stream',
    'stream_options',
    'user',
    'metadata',
    'safety_identifier',
    'prompt_cache_key',
    'prompt_cache_options',
    'prompt_cache_retention',
  ]),
  bypassReason: chatBypassReason,
  isStreamed: (request: JsonObject): boolean => request.stream === true,
  upstreamBody: requestUsage,
  wantsUsageEvents,
  findUsageEvent,
  fold: foldChat,
  expand: expandChat,
  assumeFinished: (body) => ({
    ...body,
    choices: jsonObjects(body.choices).map((choice) => ({
      ...choice,
      finish_reason: choice.finish_reason ?? 'stop',
    })),
  }),
  judge: judgeChat,
  usage: chatUsage,
  errorBody: openaiError,
  // OpenAI ends a broken stream with an error object in a data frame, without `[DONE]`.
  errorFrame: (failure, requestId, sent) =>
    frameBehind(sent, writeData(JSON.stringify(openaiError(failure, requestId)))),
};

function wantsUsageEvents(request: JsonObject): boolean {
  return isJsonObject(request.stream_options) && request.stream_options.include_usage === true;
}

/**
 * A stream tells its usage only when asked. We always ask: without it there is nothing to account for, and a stream in the
 * cache could not answer a non-streamed request. The bytes are spliced, not written anew, so that every other field
 * reaches the provider as the caller wrote it.
 */
function requestUsage(body: Uint8Array, request: JsonObject): Uint8Array {
  if (request.stream !== true || wantsUsageEvents(request)) return body;
  if (request.stream_options !== undefined) {
    const options = isJsonObject(request.stream_options) ? request.stream_options : {};
    return Buffer.from(JSON.stringify({ ...request, stream_options: { ...options, include_usage: true } }));
  }
  const inside = body.indexOf(openingBrace) + 1;
  return Buffer.concat([body.subarray(0, inside), usageRequest, body.subarray(inside)]);
}

function findUsageEvent(bytes: Uint8Array): ByteRange | undefined {
  const buffer = asBuffer(bytes);
  const mark = buffer.indexOf(usageMark);
  if (mark < 0) return undefined;
  // The event that holds the mark begins behind the last blank line before it; with other line ends, look from the start.
  const blank = buffer.lastIndexOf('\n\n', mark);
  const from = blank < 0 ? 0 : blank + 2;
  const event = readEvents(buffer.subarray(from)).find(isUsageEvent);
  return event === undefined ? undefined : [from + event.start, from + event.end];
}

function isUsageEvent({ data }: SseEvent): boolean {
  if (!data.includes(usageMark)) return false;
  const chunk = parseJsonObject(data);
  return isJsonObject(chunk?.usage) && Array.isArray(chunk.choices) && chunk.choices.length === 0;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
