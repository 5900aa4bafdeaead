import type { Cache } from '@ai-toolkit/core-cache';
import { AiError } from '../errors.js';
import type { BaseAiClient } from './ai-client.js';
import { answerKey } from './answer-key.js';
import type { CachedAnswer } from './cached-answer.js';
import { callerBound, withoutBound } from './caller-bound.js';
import { embedInputs, type VectorBatch } from './embed-inputs.js';
import type { Embeddings, EmbedOptions } from './embeddings.js';

/** `embed` through the cache, each input separately. Concurrent identical batches become one call. */
export async function cachedEmbed(
  client: BaseAiClient,
  cache: Cache<CachedAnswer>,
  defaultTtlMs: number,
  input: string | readonly string[],
  options: EmbedOptions,
): Promise<Embeddings> {
  const { mode = 'default', ttlMs = defaultTtlMs } = options.cache ?? {};
  const keyOf = (text: string): string => answerKey('embed', text, options);
  const bound = callerBound(options);
  const { signal } = bound;

  async function ask(inputs: readonly string[]): Promise<VectorBatch> {
    const load = (context: { readonly signal: AbortSignal }): Promise<Embeddings> =>
      client.embed(inputs, withoutBound(options, context.signal));
    const key = answerKey('embed-batch', inputs, options);
    const { value, source } = await cache.resolve(key, load, { signal, ttlMs: 0 });
    if (!('vectors' in value) || value.vectors.length !== inputs.length) throw notVectors();
    const { vectors, model, usage } = value;
    return {
      vectors: vectors.map((values) => ({ values, model })),
      cache: source === 'coalesced' ? inputs.map(() => source) : value.cache,
      ...(usage === undefined ? {} : { usage }),
    };
  }

  try {
    return await embedInputs(input, mode, {
      async find(text) {
        const answer = await cache.get(keyOf(text), { signal });
        return answer !== undefined && 'values' in answer ? answer : undefined;
      },
      ask,
      keep: (text, vector) => cache.set(keyOf(text), vector, { ttlMs }),
    });
  } finally {
    bound.leave(undefined);
  }
}

function notVectors(): AiError {
  return new AiError('AI_RESPONSE_INVALID', 'The client did not answer with one vector for each input.', {
    hint: 'Look at what the wrapped client gives.',
  });
}
