import { asBuffer } from '../as-buffer.js';
import { isJsonObject, type JsonObject, jsonObjects } from '../json.js';
import { withValue } from '../json-member.js';
import { writeData } from '../sse/events.js';
import type { SurfaceAdapter } from './adapter.js';
import { audioExpiresAt } from './chat-audio.js';
import { chatBypassReason } from './chat-bypass.js';
import { expandChat } from './chat-expand.js';
import { ChatFolder } from './chat-fold.js';
import { chatUsage, judgeChat } from './chat-judge.js';
import { frameBehind } from './error-frame.js';
import { openaiError } from './openai-errors.js';

const usageRequest = Buffer.from('"stream_options":{"include_usage":true},');
const openingBrace = 0x7b;
const openingBracket = 0x5b;
const closingBracket = 0x5d;
const space = 0x20;

/** OpenAI's chat completions, which many servers implement. */
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
  mayReportUsageAlone,
  createFolder: (parse) => new ChatFolder(parse),
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
  expiresAt: audioExpiresAt,
  errorBody: openaiError,
  // OpenAI ends a broken stream with an error object in a data frame, without `[DONE]`.
  errorFrame: (failure, requestId, sent) =>
    frameBehind(sent, writeData(JSON.stringify(openaiError(failure, requestId)))),
};

function wantsUsageEvents(request: JsonObject): boolean {
  return isJsonObject(request.stream_options) && request.stream_options.include_usage === true;
}

/** The usage event has an empty list of choices, which few others have. A list that begins with white space counts as empty. */
function mayReportUsageAlone(events: Uint8Array): boolean {
  for (let at = events.indexOf(openingBracket); at >= 0; at = events.indexOf(openingBracket, at + 1)) {
    const next = events[at + 1];
    // JSON white space is 0x20 or below, and no value begins with such a byte.
    if (next === closingBracket || (next !== undefined && next <= space)) return true;
  }
  return false;
}

/**
 * A stream reports usage only on request. We always request it: without it there is nothing to account for, and a stored stream could not
 * answer a non-streamed request. The field is spliced into the bytes, so that every other field reaches the provider as the caller wrote
 * it.
 */
function requestUsage(body: Uint8Array, request: JsonObject): Uint8Array {
  if (request.stream !== true || wantsUsageEvents(request)) return body;
  if (request.stream_options !== undefined) {
    const options = isJsonObject(request.stream_options) ? request.stream_options : {};
    const asking = JSON.stringify({ ...options, include_usage: true });
    return Buffer.from(withValue(asBuffer(body).toString(), 'stream_options', asking));
  }
  const inside = body.indexOf(openingBrace) + 1;
  return Buffer.concat([body.subarray(0, inside), usageRequest, body.subarray(inside)]);
}
