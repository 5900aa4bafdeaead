import type { CacheDirectives } from '../cache-directives.js';
import { readAnswer } from '../client/read-answer.js';
import { readVectors } from '../client/read-vectors.js';
import { AiError } from '../errors.js';
import type { ExchangeRequest } from '../exchange.js';
import type { Pipeline } from '../pipeline.js';
import type { EmbeddingModel, EmbedTexts } from './semantic-options.js';
import { unitVector } from './unit-vector.js';

/** Computes the vector of one text, on behalf of a request. Fails as its source does. */
export interface Embedder {
  /** Identifies comparable vectors; absent if they cannot be compared with those of another process. */
  readonly name?: string;
  embed(text: string, behalf: ExchangeRequest, signal: AbortSignal): Promise<Float32Array>;
}

/** Time limit of one call, ms. The waiting call may have gone on long before; the vector then serves later ones. */
const callTimeoutMs = 10_000;

/**
 * Creates an embedder. A model is called through the pipeline, so that its answers are cached, its limits observed, and its cost attributed
 * to the tenant and labels of the original request.
 */
export function createEmbedder(
  source: EmbeddingModel | EmbedTexts,
  pipeline: Pick<Pipeline, 'exchange'>,
): Embedder {
  if (typeof source === 'function') {
    return { embed: (text, _behalf, signal) => callFunction(source, text, signal) };
  }
  const { model, dimensions } = source;
  return {
    name: JSON.stringify([model, dimensions ?? null]),
    async embed(text, { tenant, labels, priority, cache }, signal) {
      const input = [text];
      const body = {
        model,
        input,
        encoding_format: 'base64',
        ...(dimensions === undefined ? {} : { dimensions }),
      };
      const request: ExchangeRequest = {
        surface: 'embeddings',
        body: Buffer.from(JSON.stringify(body)),
        timeoutMs: callTimeoutMs,
        signal,
        ...(tenant === undefined ? {} : { tenant }),
        ...(labels === undefined ? {} : { labels }),
        ...(priority === undefined ? {} : { priority }),
        cache: keptAs(cache),
      };
      const answer = await readAnswer(pipeline, request);
      return direction(readVectors(answer.body, input)[0]?.values);
    },
  };
}

async function callFunction(source: EmbedTexts, text: string, closed: AbortSignal): Promise<Float32Array> {
  const controller = new AbortController();
  const onClosed = (): void => controller.abort(closed.reason);
  closed.addEventListener('abort', onClosed, { once: true });
  const timer = setTimeout(() => controller.abort(tooLong()), callTimeoutMs).unref();
  try {
    return direction((await source([text], controller.signal))[0]);
  } finally {
    clearTimeout(timer);
    closed.removeEventListener('abort', onClosed);
  }
}

/** The vector is stored under the same conditions as the answer, since it reveals the question. */
function keptAs({ namespace, store, ttlMs }: CacheDirectives = {}): CacheDirectives {
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(store === undefined ? {} : { store }),
    ...(ttlMs === undefined ? {} : { ttlMs }),
  };
}

function tooLong(): AiError {
  return new AiError('AI_TIMEOUT', `The vector of a text took longer than ${callTimeoutMs} ms.`, {
    hint: 'Look at the function that is given as "embed".',
    retryable: true,
  });
}

function direction(values: ArrayLike<number> | undefined): Float32Array {
  const vector = unitVector(values);
  if (vector === undefined)
    throw new TypeError('The vector of the text is missing, zero, or not of numbers.');
  return vector;
}
