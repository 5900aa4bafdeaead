import { readAnswer } from '../client/read-answer.js';
import { readVectors } from '../client/read-vectors.js';
import type { ExchangeRequest } from '../exchange.js';
import type { Pipeline } from '../pipeline.js';
import type { EmbeddingModel, EmbedTexts } from './semantic-options.js';
import { unitVector } from './unit-vector.js';

/** Makes the vector of one text, on behalf of a request. Fails as its source does. */
export interface Embedder {
  /** Tells vectors that can be compared from others; absent when nobody can say that of those of another process. */
  readonly name?: string;
  embed(text: string, behalf: ExchangeRequest, signal: AbortSignal): Promise<Float32Array>;
}

/** Bound on one call, ms. Whoever waits for it may have gone on long before: then the vector is for those who come later. */
const callTimeoutMs = 10_000;

/**
 * A model is asked through the pipeline: so its answers are cached, its limits kept, and its cost is on the account of the tenant
 * and the labels of the request that it was asked for.
 */
export function createEmbedder(
  source: EmbeddingModel | EmbedTexts,
  pipeline: Pick<Pipeline, 'exchange'>,
): Embedder {
  if (typeof source === 'function') {
    return {
      embed: async (text, _behalf, signal) => {
        const bound = AbortSignal.any([signal, AbortSignal.timeout(callTimeoutMs)]);
        return direction((await source([text], bound))[0]);
      },
    };
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
        ...(cache?.namespace === undefined ? {} : { cache: { namespace: cache.namespace } }),
      };
      const answer = await readAnswer(pipeline, request);
      return direction(readVectors(answer.body, input)[0]?.values);
    },
  };
}

function direction(values: ArrayLike<number> | undefined): Float32Array {
  const vector = unitVector(values);
  if (vector === undefined)
    throw new TypeError('The vector of the text is missing, zero, or not of numbers.');
  return vector;
}
