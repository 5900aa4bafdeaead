import type { Cache } from '@ai-toolkit/core-cache';
import { checkWhole } from '../check.js';
import type { Entry } from '../entry.js';
import type { Pipeline } from '../pipeline.js';
import { embeddingsSurface } from '../surfaces/embeddings.js';
import { tell } from '../tell.js';
import { cacheDirectives, callRequest } from './call-request.js';
import { countdown } from './countdown.js';
import { EmbedAccount } from './embed-account.js';
import { type BatchBound, embedInputs, type Vector, type VectorBatch } from './embed-inputs.js';
import type { Embeddings, EmbedOptions } from './embeddings.js';
import { readAnswer } from './read-answer.js';
import { readVectors } from './read-vectors.js';
import { createVectorStore } from './vector-store.js';

/**
 * `AiClient.embed` over a pipeline. What is not kept is asked for in batches. A batch is no answer worth keeping as such, so
 * it has no lifetime of its own; the same batch asked for twice at once is still one call. However it was answered, a call makes
 * one record.
 */
export async function embed(
  pipeline: Pipeline,
  cache: Cache<Entry>,
  model: string,
  input: string | readonly string[],
  options: EmbedOptions,
  batch: BatchBound,
): Promise<Embeddings> {
  const { dimensions } = options;
  checkWhole('dimensions', dimensions, 1);
  const left = countdown(options.timeoutMs);
  const account = new EmbedAccount(model, options, (record) => tell(pipeline.onCall, record));
  const directives = { ...cacheDirectives(options.cache), ttlMs: 0 };

  async function ask(inputs: readonly string[]): Promise<VectorBatch> {
    const body = {
      model,
      input: [...inputs],
      // A third of the bytes of numbers in JSON. It is what OpenAI's own SDK asks for, so servers know it; one that gives
      // numbers all the same is understood.
      encoding_format: 'base64',
      ...(dimensions === undefined ? {} : { dimensions }),
    };
    const request = callRequest('embeddings', body, { ...options, ...left() }, directives);
    const accounted = account.request();
    const { requestId, onCall } = accounted;
    const answer = await readAnswer(pipeline, { ...request, requestId, onCall });
    const usage = embeddingsSurface.usage(answer.body);
    const { answerer } = accounted;
    const vectors = readVectors(answer.body, inputs, usage);
    return {
      vectors: answerer === undefined ? vectors : vectors.map((vector) => ({ ...vector, answerer })),
      cache: inputs.map(() => answer.head.cache),
      ...(usage === undefined ? {} : { usage }),
    };
  }

  const store = createVectorStore(cache, pipeline.providers, model, options);

  async function find(text: string): Promise<Vector | undefined> {
    const vector = await store.find(text);
    if (vector !== undefined) account.found(vector);
    return vector;
  }

  try {
    const embeddings = await embedInputs(input, options.cache?.mode ?? 'default', {
      ...store,
      batch,
      find,
      ask,
    });
    // Without inputs there was no call.
    if (embeddings.vectors.length > 0) account.end();
    return embeddings;
  } catch (error) {
    account.end({ error });
    throw error;
  }
}
