import type { JsonObject } from '../json.js';
import type { SurfaceAdapter } from './adapter.js';
import { alwaysTellsUsage } from './always-tells-usage.js';
import { anthropicError, anthropicErrorFrame } from './anthropic-errors.js';
import { messageBypassReason } from './messages-bypass.js';
import { expandMessage } from './messages-expand.js';
import { MessageFolder } from './messages-fold.js';
import { judgeMessage, messageUsage } from './messages-judge.js';

/** Sent if the caller names no version: the one that all models and compatible servers support. */
const apiVersion = '2023-06-01';

/** Anthropic's Messages API. */
export const messagesSurface: SurfaceAdapter = {
  surface: 'messages',
  // Anthropic's SDKs have base URLs without `/v1` and put it into the path. Our base URLs end in `/v1` for all surfaces.
  path: '/messages',
  // `cache_control` stays in the key: it does not change the text, but the reported usage.
  keyExclusions: new Set(['stream', 'metadata']),
  bypassReason: messageBypassReason,
  isStreamed: (request: JsonObject): boolean => request.stream === true,
  ...alwaysTellsUsage,
  upstreamHeaders,
  requestIdHeader: 'request-id',
  createFolder: (parse) => new MessageFolder(parse),
  expand: expandMessage,
  judge: judgeMessage,
  usage: messageUsage,
  errorBody: anthropicError,
  errorFrame: anthropicErrorFrame,
};

/** A version is required. The API rejects its API key as a bearer token, which the provider's other surfaces accept. */
function upstreamHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const result: Record<string, string> = { 'anthropic-version': apiVersion, ...headers };
  const key = result['x-api-key'];
  if (key !== undefined && result.authorization === `Bearer ${key}`) delete result.authorization;
  return result;
}
