import type { Failure } from '../failure.js';
import { type JsonObject, parseJsonObject } from '../json.js';
import { readEvents, writeEvent } from '../sse/events.js';
import type { SurfaceAdapter } from './adapter.js';
import { alwaysTellsUsage } from './always-tells-usage.js';
import { frameBehind } from './error-frame.js';
import { openaiError } from './openai-errors.js';
import { responseBypassReason } from './responses-bypass.js';
import { expandResponse } from './responses-expand.js';
import { ResponseFolder } from './responses-fold.js';
import { judgeResponse, responseUsage } from './responses-judge.js';

/** OpenAI's responses. */
export const responsesSurface: SurfaceAdapter = {
  surface: 'responses',
  path: '/responses',
  // `metadata` is part of the key: the API writes it into the answer, where its caller looks for it. So it does with the
  // identifiers below, which nobody reads back. `store` is part of it too: the id of an answer that was not kept at the
  // provider is of no use to a caller who wants it kept.
  keyExclusions: new Set([
    'stream',
    'stream_options',
    'user',
    'safety_identifier',
    'prompt_cache_key',
    'prompt_cache_options',
    'prompt_cache_retention',
  ]),
  bypassReason: responseBypassReason,
  isStreamed: (request: JsonObject): boolean => request.stream === true,
  ...alwaysTellsUsage,
  createFolder: () => new ResponseFolder(),
  expand: expandResponse,
  judge: judgeResponse,
  usage: responseUsage,
  errorBody: openaiError,
  errorFrame,
};

/**
 * The event `error`, with its fields where the API's reference has them and where the API itself sends them. Its number goes on
 * from that of the last event that was sent.
 */
function errorFrame(failure: Failure, requestId: string, sent: Uint8Array = new Uint8Array()): Uint8Array {
  const { code } = failure;
  const message = `${failure.message} ${failure.hint}`;
  const error = openaiError(failure, requestId).error ?? null;
  const data = { type: 'error', sequence_number: lastNumber(sent) + 1, code, message, param: null, error };
  return frameBehind(sent, writeEvent('error', JSON.stringify(data)));
}

/** `sequence_number` of the last event that has one; -1 where there is none. */
function lastNumber(events: Uint8Array): number {
  for (const { data } of readEvents(events).reverse()) {
    const number = parseJsonObject(data)?.sequence_number;
    if (typeof number === 'number' && number >= 0) return number;
  }
  return -1;
}
