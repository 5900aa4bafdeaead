import type { Cache } from '@ai-toolkit/core-cache';
import { checkNames, checkObject, show } from '../check.js';
import { createDefaultCache } from '../default-cache.js';
import type { Entry } from '../entry.js';
import type { Explanation } from '../explain/explanation.js';
import { createPipeline, type Pipeline } from '../pipeline.js';
import type { AiClient, BaseAiClient, CallOptions, GenerateOptions } from './ai-client.js';
import { requireChoice } from './broken-answer.js';
import { callRequest } from './call-request.js';
import { toGeneration } from './chat-answer.js';
import { chatBody } from './chat-body.js';
import { checkOptions } from './check-options.js';
import { completeClient } from './complete-client.js';
import { defaultModel } from './default-model.js';
import { embed } from './embed.js';
import type { BatchBound } from './embed-inputs.js';
import type { Prompt } from './message.js';
import { createModelChoice, type ModelSource } from './model-choice.js';
import { orAborted } from './or-aborted.js';
import { readAnswer } from './read-answer.js';
import { streamGeneration } from './stream-generation.js';

export interface AiClientOptions {
  /** Default: a new pipeline, configured by the environment and closed with the client. */
  readonly pipeline?: Pipeline;
  /**
   * Model for calls that do not name one. A function is called once, by the first such call. Default: the first provider's: OpenAI
   * `gpt-4o-mini`, Anthropic `claude-haiku-4-5`, any other server the first model that it lists.
   */
  readonly model?: ModelSource;
  /** The same for `embed`. Default: OpenAI `text-embedding-3-small`, any other server the first model with "embed" in its name. */
  readonly embeddingModel?: ModelSource;
  /**
   * Stores the vectors of `embed`, one per input; may be the pipeline's cache. Default: 32 MiB of memory, one day. A cache that you pass is
   * not closed with the client.
   */
  readonly cache?: Cache<Entry>;
}

/** A client that can be closed. */
export interface ClosableAiClient extends AiClient, AsyncDisposable {
  /**
   * Explains how the cache would treat a call to `generate` or `generateStreaming`, without making it: `Pipeline.explain` for the request
   * it would send. A provider is asked only if the call names no model, and only for its list of models.
   */
  explain(prompt: Prompt, options?: GenerateOptions): Promise<Explanation>;
  /** Closes the pipeline and the cache, unless you passed them. Idempotent. */
  close(): Promise<void>;
}

const known: Record<keyof AiClientOptions, true> = {
  pipeline: true,
  model: true,
  embeddingModel: true,
  cache: true,
};

const vectorBytes = 32 * 1024 * 1024;

const maxBatches = 1000;

/**
 * Creates a client; without options it is configured by the environment. Uses the chat surface, which all providers of this package
 * support. Throws a `TypeError` or `RangeError` that names the first invalid option.
 */
export function createAiClient(options: AiClientOptions = {}): ClosableAiClient {
  checkNames('createAiClient', options, known);
  checkObject('pipeline', options.pipeline, 'exchange');
  checkObject('cache', options.cache, 'lookup');
  checkModel('model', options.model);
  checkModel('embeddingModel', options.embeddingModel);
  const pipeline = options.pipeline ?? createPipeline();
  const cache = options.cache ?? createDefaultCache('vectors', vectorBytes);
  const chatModel = createModelChoice(options.model ?? (() => defaultModel(pipeline, 'chat')));
  const embeddingModel = createModelChoice(
    options.embeddingModel ?? (() => defaultModel(pipeline, 'embeddings')),
  );
  /** By model; bounded, since callers choose the model names. */
  const batches = new Map<string, BatchBound>();
  let closed: Promise<void> | undefined;

  const base: BaseAiClient = {
    async generate(prompt, call = {}) {
      checkOptions('generate', call);
      const body = chatBody(await modelOf(call, chatModel), prompt, call, false);
      const answer = await readAnswer(pipeline, callRequest('chat', body, call));
      requireChoice(answer.body);
      return toGeneration(answer.head, answer.body);
    },
    async *generateStreaming(prompt, call = {}) {
      checkOptions('generateStreaming', call);
      const body = chatBody(await modelOf(call, chatModel), prompt, call, true);
      yield* streamGeneration(pipeline, callRequest('chat', body, call));
    },
    async embed(input, call = {}) {
      checkOptions('embed', call);
      const model = await modelOf(call, embeddingModel);
      const batch = batches.get(model) ?? { most: Number.POSITIVE_INFINITY };
      if (batches.size >= maxBatches) batches.clear();
      batches.set(model, batch);
      return embed(pipeline, cache, model, input, call, batch);
    },
  };

  function close(): Promise<void> {
    closed ??= (async () => {
      if (options.pipeline === undefined) await pipeline.close();
      if (options.cache === undefined) await cache.close();
    })();
    return closed;
  }

  async function explain(prompt: Prompt, call: GenerateOptions = {}): Promise<Explanation> {
    checkOptions('explain', call);
    const body = chatBody(await modelOf(call, chatModel), prompt, call, true);
    return pipeline.explain(callRequest('chat', body, call));
  }

  const client = completeClient(base);
  return {
    ...client,
    async generateJson(prompt, schema, call = {}) {
      checkOptions('generateJson', call);
      return client.generateJson(prompt, schema, call);
    },
    async callFunction(prompt, functions, call = {}) {
      checkOptions('callFunction', call);
      return client.callFunction(prompt, functions, call);
    },
    explain,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function checkModel(name: string, model: ModelSource | undefined): void {
  const isNamed = typeof model === 'string' && model !== '';
  if (model !== undefined && !isNamed && typeof model !== 'function')
    throw new TypeError(
      `${name} must be the name of a model or a function that finds one, got ${show(model)}`,
    );
}

function modelOf(
  { model, signal }: CallOptions,
  choice: () => Promise<string> | string,
): Promise<string> | string {
  signal?.throwIfAborted();
  if (model !== undefined) return model;
  const chosen = choice();
  return typeof chosen === 'string' ? chosen : orAborted(chosen, signal);
}
