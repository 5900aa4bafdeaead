import { AiError } from '../errors.js';
import type { ExchangeRequest } from '../exchange.js';
import { isJsonObject, type JsonObject } from '../json.js';
import type { Provider } from '../providers/provider.js';
import type { Router, Upstream } from '../routing/router.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { surfaceAdapter } from '../surfaces/registry.js';
import { spread } from './balance.js';
import { type Asked, type Target, targetFor } from './target.js';

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
  const asked = { exchange: request, adapter, source, body, model };
  const common = { adapter, body, streamed: adapter.isStreamed(body) };
  if (request.provider !== undefined) {
    return { ...common, targets: [targetFor(asked, { provider: request.provider, model, weight: 1 })] };
  }
  const { targets, fallbacks, timeoutMs } = router(model);
  const made = targets.map((upstream) => ({ target: targetFor(asked, upstream), weight: upstream.weight }));
  const [first, ...others] = made.length === 1 ? made.map(({ target }) => target) : spread(made);
  return {
    ...common,
    targets: [first as Target, ...others, ...fallbacks.flatMap((upstream) => ifPossible(asked, upstream))],
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

/** A fallback that has no words for the request is none. */
function ifPossible(asked: Asked, upstream: Upstream): Target[] {
  try {
    return [targetFor(asked, upstream)];
  } catch (error) {
    if (AiError.isInstance(error)) return [];
    throw error;
  }
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
