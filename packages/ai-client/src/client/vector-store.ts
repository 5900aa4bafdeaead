import { hash } from 'node:crypto';
import type { Cache } from '@ai-toolkit/core-cache';
import type { Entry } from '../entry.js';
import { parseJsonObject } from '../json.js';
import type { Provider } from '../providers/provider.js';
import type { Vector, VectorSource } from './embed-inputs.js';
import type { EmbedOptions } from './embeddings.js';
import { bodyVector, vectorBody } from './read-vectors.js';

/** Bump when the meaning of a key or an entry changes. */
const schemaVersion = 1;

/**
 * Stores each vector separately, as the answer that a provider would have sent for its input alone. The key covers the providers, the
 * model, the namespace and whatever else changes a vector.
 */
export function createVectorStore(
  cache: Cache<Entry>,
  providers: readonly Provider[],
  model: string,
  options: EmbedOptions,
): Pick<VectorSource, 'find' | 'keep'> {
  const { signal } = options;
  const { namespace, ttlMs, sample = 0 } = options.cache ?? {};
  const scope = JSON.stringify({
    client: 'vector',
    version: schemaVersion,
    providers: providers.map(({ name, identity, baseUrl }) => [
      name,
      identity ?? (typeof baseUrl === 'string' ? baseUrl : name),
    ]),
    namespace: namespace ?? null,
    sample,
    model,
    dimensions: options.dimensions ?? null,
  });
  const keyOf = (input: string): string => hash('sha256', scope + JSON.stringify(input), 'hex');
  const tags = [`model:${model}`, ...(namespace === undefined ? [] : [`namespace:${namespace}`])];
  return {
    async find(input) {
      const entry = await cache.get(keyOf(input), signal === undefined ? {} : { signal });
      const vector = entry && bodyVector(parseJsonObject(Buffer.from(entry.bytes).toString()));
      const answerer = entry?.metadata.answerer;
      return vector === undefined || answerer === undefined ? vector : { ...vector, answerer };
    },
    keep: (input, vector) =>
      cache.set(keyOf(input), vectorEntry(vector), { tags, ...(ttlMs === undefined ? {} : { ttlMs }) }),
  };
}

function vectorEntry(vector: Vector): Entry {
  const { inputTokens, answerer } = vector;
  return {
    bytes: Buffer.from(JSON.stringify(vectorBody(vector))),
    metadata: {
      shape: 'body',
      name: 'vector',
      // The provider's time was for a whole batch and cannot be attributed to one vector.
      upstreamMs: 0,
      ...(inputTokens === undefined ? {} : { usage: { inputTokens, outputTokens: 0 } }),
      ...(answerer === undefined ? {} : { answerer }),
    },
  };
}
