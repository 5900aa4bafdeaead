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

/** OpenAI's Responses API. */
export const responsesSurface: SurfaceAdapter = {
  surface: 'responses',
  path: '/responses',
  // `metadata` is part of the key: the API repeats it in the answer, where callers look for it. It also repeats the identifiers below, but
  // nobody reads those. `store` is part of the key too: a caller who wants the answer stored at the provider cannot use the id of one that
  // was not.
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
  createFolder: (parse) => new ResponseFolder(parse),
  expand: expandResponse,
  judge: judgeResponse,
  usage: responseUsage,
  errorBody: openaiError,
  errorFrame,
};

/**
 * An `error` event, with its fields both where the API's reference documents them and where the API sends them. Its sequence number follows
 * that of the last event sent.
 */
function errorFrame(failure: Failure, requestId: string, sent: Uint8Array = new Uint8Array()): Uint8Array {
  const { code } = failure;
  const message = `${failure.message} ${failure.hint}`;
  const error = openaiError(failure, requestId).error ?? null;
  const data = { type: 'error', sequence_number: lastNumber(sent) + 1, code, message, param: null, error };
  return frameBehind(sent, writeEvent('error', JSON.stringify(data)));
}

/** `sequence_number` of the last event that has one; -1 if none has. */
function lastNumber(events: Uint8Array): number {
  for (const { data } of readEvents(events).reverse()) {
    const number = parseJsonObject(data)?.sequence_number;
    if (typeof number === 'number' && number >= 0) return number;
  }
  return -1;
}
