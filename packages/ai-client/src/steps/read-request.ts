import { asBuffer } from '../as-buffer.js';
import { AiError } from '../errors.js';
import type { ExchangeRequest } from '../exchange.js';
import { isJsonObject, type JsonObject } from '../json.js';
import { offers, type Provider } from '../providers/provider.js';
import type { Router, SkippedUpstream, Upstream } from '../routing/router.js';
import { surfaceUnsupported } from '../routing/surface-unsupported.js';
import type { SurfaceAdapter } from '../surfaces/adapter.js';
import { surfaceAdapter } from '../surfaces/registry.js';
import { spread } from './balance.js';
import { type Asked, type Target, targetFor } from './target.js';

/** A parsed request: everything the steps need of it, read once. */
export interface ReadRequest {
  readonly adapter: SurfaceAdapter;
  readonly body: JsonObject;
  readonly streamed: boolean;
  /** Candidates, in the order in which they are asked; the first one's key is the request's. */
  readonly targets: readonly [Target, ...Target[]];
  /** Upstreams of the model that cannot take this request, and why. */
  readonly skipped: readonly SkippedUpstream[];
  /** Time limit for the whole call, set by the route, ms. */
  readonly timeoutMs: number | undefined;
}

/**
 * Parses the body, finds the targets, and computes the keys. Fails with `AI_REQUEST_INVALID`, `AI_NO_PROVIDER` or `AI_SURFACE_UNSUPPORTED`.
 */
export function readRequest(request: ExchangeRequest, router: Router): ReadRequest {
  const adapter = surfaceAdapter(request.surface);
  const { surface } = adapter;
  const source = asBuffer(request.body).toString();
  const body = parseRequest(source);
  const { provider } = request;
  const model = modelOf(body, provider);
  const asked = { exchange: request, adapter, source, body, model };
  const streamed = adapter.isStreamed(body);
  if (provider !== undefined) {
    if (!offers(provider, surface)) throw surfaceUnsupported(provider, surface, []);
    const target = targetFor(asked, { provider, model, weight: 1 });
    return { adapter, body, streamed, targets: [target], skipped: [], timeoutMs: undefined };
  }
  const { targets, fallbacks, skipped, timeoutMs } = router(model, surface);
  const first = targets[0] ?? fallbacks[0];
  if (first !== undefined && targets.length + fallbacks.length === 1)
    return { adapter, body, streamed, targets: [targetFor(asked, first)], skipped, timeoutMs };
  const refused: Refused[] = [];
  const made = targets.flatMap((upstream) => ifPossible(asked, upstream, refused));
  const spare = fallbacks.flatMap((upstream) => ifPossible(asked, upstream, refused));
  const ordered = made.length > 1 ? spread(made) : made.map(({ target }) => target);
  const [chosen, ...rest] = [...ordered, ...spare.map(({ target }) => target)];
  // The router returns at least one upstream, so if no target is left, `refused` is not empty.
  if (chosen === undefined) throw (refused as [Refused])[0].error;
  return {
    adapter,
    body,
    streamed,
    targets: [chosen, ...rest],
    skipped: [...skipped, ...refused.map((refusal) => refusal.skipped)],
    timeoutMs,
  };
}

/** Longest name of a model, characters: limits, prices and routes remember the names that callers come up with. */
export const maxModelLength = 256;

/** The model that a request names. Fails with `AI_REQUEST_INVALID`. */
export function modelOf({ model }: JsonObject, asked: Provider | undefined): string {
  if (typeof model === 'string' && model.length > maxModelLength) {
    throw new AiError('AI_REQUEST_INVALID', `The name of the model has ${model.length} characters.`, {
      hint: `Use at most ${maxModelLength}.`,
    });
  }
  if (typeof model === 'string' && model !== '') return model;
  // A server addressed by URL may take the model from the URL, or from a prompt that it stores.
  if (asked !== undefined && model === undefined) return 'unknown';
  throw new AiError('AI_REQUEST_INVALID', 'The request names no model.', {
    hint: 'Set "model" to the name of a model, such as "gpt-4o-mini".',
  });
}

interface Refused {
  readonly error: AiError;
  readonly skipped: SkippedUpstream;
}

/** Skips an upstream whose wire format cannot express the request, as long as another one can. */
function ifPossible(
  asked: Asked,
  upstream: Upstream,
  refused: Refused[],
): { readonly target: Target; readonly weight: number }[] {
  try {
    return [{ target: targetFor(asked, upstream), weight: upstream.weight }];
  } catch (error) {
    if (!AiError.isInstance(error)) throw error;
    const { provider, model } = upstream;
    refused.push({ error, skipped: { provider: provider.name, model, reason: error.message } });
    return [];
  }
}

/** Parses the body of a request. Fails with `AI_REQUEST_INVALID` if it is not a JSON object. */
export function parseRequest(source: string): JsonObject {
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
