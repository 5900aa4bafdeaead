import { randomUUID } from 'node:crypto';
import type { CacheDirectives } from '../cache-directives.js';
import { AiError } from '../errors.js';
import type { ExchangeRequest } from '../exchange.js';
import type { JsonObject } from '../json.js';
import type { Pipeline } from '../pipeline.js';
import type { AiClient, GenerateOptions, Generation, GenerationEvent, Message } from './ai-client.js';
import { readGeneration } from './read-generation.js';
import { streamGeneration } from './stream-generation.js';

export interface AiClientOptions {
  readonly pipeline: Pipeline;
  /** Model of a call that names none. A function is asked once, by the first such call. */
  readonly model: string | (() => Promise<string>);
}

/** Creates a client over a pipeline. It speaks the chat surface, which every provider here answers. */
export function createAiClient({ pipeline, model }: AiClientOptions): AiClient {
  let defaultModel: Promise<string> | undefined;

  async function modelOf(options: GenerateOptions): Promise<string> {
    if (options.model !== undefined) return options.model;
    if (typeof model === 'string') return model;
    defaultModel ??= model();
    try {
      return await defaultModel;
    } catch (error) {
      // The provider may answer next time.
      defaultModel = undefined;
      throw error;
    }
  }

  async function requestFor(
    prompt: string | readonly Message[],
    options: GenerateOptions,
    streamed: boolean,
  ): Promise<ExchangeRequest> {
    options.signal?.throwIfAborted();
    return request(await modelOf(options), prompt, options, streamed);
  }

  return {
    async generate(prompt, options = {}): Promise<Generation> {
      return readGeneration(pipeline, await requestFor(prompt, options, false));
    },
    async *generateStreaming(prompt, options = {}): AsyncGenerator<GenerationEvent> {
      yield* streamGeneration(pipeline, await requestFor(prompt, options, true));
    },
  };
}

function request(
  model: string,
  prompt: string | readonly Message[],
  options: GenerateOptions,
  streamed: boolean,
): ExchangeRequest {
  const { signal, timeoutMs, idleTimeoutMs, labels } = options;
  return {
    surface: 'chat',
    requestId: randomUUID(),
    body: Buffer.from(JSON.stringify(chatBody(model, prompt, options, streamed))),
    cache: directives(options.cache),
    ...(signal === undefined ? {} : { signal }),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
    ...(labels === undefined ? {} : { labels }),
  };
}

/** Absent options stay absent: the provider's defaults are better known to it than to us. */
function chatBody(
  model: string,
  prompt: string | readonly Message[],
  options: GenerateOptions,
  streamed: boolean,
): JsonObject {
  const messages: Message[] = typeof prompt === 'string' ? [{ role: 'user', content: prompt }] : [...prompt];
  if (options.system !== undefined) messages.unshift({ role: 'system', content: options.system });
  if (messages.length === 0 || messages.every(({ content }) => content.trim() === '')) {
    throw new AiError('AI_REQUEST_INVALID', 'The prompt is empty.', {
      hint: 'Give a prompt with some text.',
    });
  }
  const { maxTokens, temperature, topP, stop, seed } = options;
  return {
    model,
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...(streamed ? { stream: true, stream_options: { include_usage: true } } : {}),
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(stop === undefined ? {} : { stop: typeof stop === 'string' ? stop : [...stop] }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function directives({
  mode = 'default',
  ttlMs,
  namespace,
}: NonNullable<GenerateOptions['cache']> = {}): CacheDirectives {
  return {
    read: mode === 'default' || mode === 'only-if-cached',
    store: mode === 'default' || mode === 'refresh',
    onlyIfCached: mode === 'only-if-cached',
    ...(ttlMs === undefined ? {} : { ttlMs }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}
