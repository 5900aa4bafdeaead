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
 * `AiClient.embed` over a pipeline. Requests missing vectors in batches. A batch is not stored as such (its lifetime is 0), but concurrent
 * identical batches are still one request. Every call makes exactly one record, however it was answered.
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
      // A third of the size of numbers in JSON. OpenAI's own SDK requests it, so servers know it; numbers are understood as well.
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
    // Without inputs, there was no call to record.
    if (embeddings.vectors.length > 0) account.end();
    return embeddings;
  } catch (error) {
    account.end({ error });
    throw error;
  }
}
