import { AiError } from '../errors.js';
import type { ExchangeRequest } from '../exchange.js';
import { isJsonObject, type JsonObject } from '../json.js';
import { memberRange } from '../json-member.js';
import type { Provider } from '../providers/provider.js';
import type { Router, Upstream } from '../routing/router.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { surfaceAdapter } from '../surfaces/registry.js';
import { spread } from './balance.js';
import { requestKey } from './key.js';
import type { Target } from './target.js';

/** A request, read once: everything that the steps ask of it. */
export interface ReadRequest {
  readonly adapter: SurfaceAdapter;
  readonly body: JsonObject;
  readonly streamed: boolean;
  /** Who may answer, in the order in which they are asked; the first one's key is that of the request. */
  readonly targets: readonly [Target, ...Target[]];
  /** Bound on the whole call that the route sets, ms. */
  readonly timeoutMs?: number;
}

/** Parses the body, finds who may answer it, and makes the keys. Fails with `AI_REQUEST_INVALID` or `AI_NO_PROVIDER`. */
export function readRequest(request: ExchangeRequest, router: Router): ReadRequest {
  const adapter = surfaceAdapter(request.surface);
  const { buffer, byteOffset, byteLength } = request.body;
  const source = Buffer.from(buffer, byteOffset, byteLength).toString();
  const body = parse(source);
  const model = modelOf(body, request.provider);
  const { read = true, store = true, onlyIfCached = false } = request.cache ?? {};
  const cacheable = (read || store || onlyIfCached) && adapter.bypassReason(body) === undefined;

  function targetOf({ provider, model: name, idleTimeoutMs }: Upstream): Target {
    const renamed = name === model ? undefined : rename(source, name);
    const asked = renamed === undefined ? body : { ...body, model: name };
    return {
      provider,
      model: name,
      request: asked,
      body: renamed === undefined ? request.body : Buffer.from(renamed),
      ...(cacheable ? { key: requestKey(request, asked, renamed ?? source, adapter, provider) } : {}),
      ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    };
  }

  const common = { adapter, body, streamed: adapter.isStreamed(body) };
  if (request.provider !== undefined) {
    return { ...common, targets: [targetOf({ provider: request.provider, model, weight: 1 })] };
  }
  const { targets, fallbacks, timeoutMs } = router(model);
  const made = targets.map((upstream) => ({ target: targetOf(upstream), weight: upstream.weight }));
  const [first, ...others] = made.length === 1 ? made.map(({ target }) => target) : spread(made);
  return {
    ...common,
    targets: [first as Target, ...others, ...fallbacks.map(targetOf)],
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

function modelOf({ model }: JsonObject, asked: Provider | undefined): string {
  if (typeof model === 'string' && model !== '') return model;
  // A server that is asked by its address may know the model from the address, or from a prompt that it keeps.
  if (asked !== undefined && model === undefined) return 'unknown';
  throw new AiError('AI_REQUEST_INVALID', 'The request names no model.', {
    hint: 'Set "model" to the name of a model, such as "gpt-4o-mini".',
  });
}

/** The request with another model, the rest as the caller wrote it. */
function rename(source: string, model: string): string {
  const [start, end] = memberRange(source, 'model') ?? [0, 0];
  return source.slice(0, start) + JSON.stringify(model) + source.slice(end);
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
