import type { JsonObject } from '../json.js';
import type { SurfaceAdapter } from './adapter.js';
import { alwaysTellsUsage } from './always-tells-usage.js';
import { anthropicError, anthropicErrorFrame } from './anthropic-errors.js';
import { messageBypassReason } from './messages-bypass.js';
import { expandMessage } from './messages-expand.js';
import { MessageFolder } from './messages-fold.js';
import { judgeMessage, messageUsage } from './messages-judge.js';

/** The version of a request that names none: the one that every model and every compatible server knows. */
const apiVersion = '2023-06-01';

/** Anthropic's messages. */
export const messagesSurface: SurfaceAdapter = {
  surface: 'messages',
  // Its SDKs have base URLs without `/v1` and write it into the path. A base URL of ours ends in `/v1` for every surface.
  path: '/messages',
  // Marks of `cache_control` stay in the key: they do not change the text, but they do change the usage that is told of it.
  keyExclusions: new Set(['stream', 'metadata']),
  bypassReason: messageBypassReason,
  isStreamed: (request: JsonObject): boolean => request.stream === true,
  ...alwaysTellsUsage,
  upstreamHeaders,
  requestIdHeader: 'request-id',
  createFolder: () => new MessageFolder(),
  expand: expandMessage,
  judge: judgeMessage,
  usage: messageUsage,
  errorBody: anthropicError,
  errorFrame: anthropicErrorFrame,
};

/** A version is required. An API key is refused as a bearer token, which is how other surfaces of the provider take it. */
function upstreamHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const result: Record<string, string> = { 'anthropic-version': apiVersion, ...headers };
  const key = result['x-api-key'];
  if (key !== undefined && result.authorization === `Bearer ${key}`) delete result.authorization;
  return result;
}
