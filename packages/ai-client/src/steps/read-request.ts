import { AiError } from '../errors.js';
import type { ExchangeRequest } from '../exchange.js';
import { isJsonObject, type JsonObject } from '../json.js';
import type { Provider } from '../providers/provider.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { surfaceAdapter } from '../surfaces/registry.js';
import { requestKey } from './key.js';
import { route } from './route.js';

/** A request, read once: everything that the steps ask of it. */
export interface ReadRequest {
  readonly adapter: SurfaceAdapter;
  readonly body: JsonObject;
  readonly provider: Provider;
  readonly model: string;
  readonly streamed: boolean;
  /** Absent when the request cannot or may not be cached. */
  readonly key?: string;
}

/** Parses the body, finds the provider and makes the key. Fails with `AI_REQUEST_INVALID` or `AI_NO_PROVIDER`. */
export function readRequest(request: ExchangeRequest, providers: readonly Provider[]): ReadRequest {
  const adapter = surfaceAdapter(request.surface);
  const source = Buffer.from(
    request.body.buffer,
    request.body.byteOffset,
    request.body.byteLength,
  ).toString();
  const body = parse(source);
  const { provider, model } = route(request, body, providers);
  const { read = true, store = true, onlyIfCached = false } = request.cache ?? {};
  const cacheable = (read || store || onlyIfCached) && adapter.bypassReason(body) === undefined;
  return {
    adapter,
    body,
    provider,
    model,
    streamed: adapter.isStreamed(body),
    ...(cacheable ? { key: requestKey(request, body, source, adapter, provider) } : {}),
  };
}

function parse(source: string): JsonObject {
  let body: unknown;
  try {
    body = JSON.parse(source);
  } catch (error) {
    throw invalid(`The body is not JSON: ${error instanceof Error ? error.message : String(error)}.`);
  }
  if (!isJsonObject(body)) throw invalid('The body is not a JSON object.');
  return body;
}

function invalid(message: string): AiError {
  return new AiError('AI_REQUEST_INVALID', message, {
    hint: 'Send a JSON object with "model" and "messages", as the API of the provider describes it.',
  });
}
