import type { Failure } from '../failure.js';
import type { JsonObject } from '../json.js';
import { writeEvent } from '../sse/events.js';
import type { SurfaceAdapter } from './adapter.js';
import { alwaysTellsUsage } from './always-tells-usage.js';
import { openaiError } from './openai-errors.js';
import { responseBypassReason } from './responses-bypass.js';
import { expandResponse } from './responses-expand.js';
import { foldResponse } from './responses-fold.js';
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
  fold: foldResponse,
  expand: expandResponse,
  judge: judgeResponse,
  usage: responseUsage,
  errorBody: openaiError,
  errorFrame,
};

/**
 * The event `error`, with its fields where the API's reference has them and where the API itself sends them. Its place in the
 * sequence is not known here; the numbers order what came, and nothing comes behind it.
 */
function errorFrame(failure: Failure, requestId: string): Uint8Array {
  const { code } = failure;
  const message = `${failure.message} ${failure.hint}`;
  const error = openaiError(failure, requestId).error ?? null;
  const data = { type: 'error', sequence_number: 0, code, message, param: null, error };
  return Buffer.from(writeEvent('error', JSON.stringify(data)));
}
