import { type Cache, createCache } from '@ai-toolkit/core-cache';
import { checkNames, checkNumber, checkObject } from '../check.js';
import type { AiClient, BaseAiClient, GenerateOptions } from './ai-client.js';
import { answerKey } from './answer-key.js';
import type { CachedAnswer, CachedGeneration } from './cached-answer.js';
import { cachedEmbed } from './cached-embed.js';
import { cachedStream } from './cached-stream.js';
import { callerBound, withoutBound } from './caller-bound.js';
import { toMessages } from './chat-message.js';
import { completeClient } from './complete-client.js';
import type { Prompt } from './message.js';
import { createRemember, remembered } from './remember.js';

export interface CachedAiClientOptions {
  /** Answers what is not cached. Only these three methods are used. */
  readonly client: BaseAiClient;
  /**
   * Stores the answers. Default: 64 MiB of memory. Different clients must not share a cache: give each its own namespace
   * (`cache.withNamespace`). Closing it is up to you.
   */
  readonly cache?: Cache<CachedAnswer>;
  /** Lifetime of an answer if the call sets none, ms. Default one day. */
  readonly ttlMs?: number;
}

const known: Record<keyof CachedAiClientOptions, true> = { client: true, cache: true, ttlMs: true };

const defaultTtlMs = 24 * 60 * 60 * 1000;

/**
 * Adds a cache to any `AiClient`, even one without a pipeline or from another library. Identical concurrent calls become a single flight;
 * only complete answers are stored; a stored answer serves both streams and whole answers.
 */
export function createCachedAiClient(options: CachedAiClientOptions): AiClient {
  checkNames('createCachedAiClient', options, known);
  const { client, ttlMs = defaultTtlMs } = options;
  if (client === undefined) throw new TypeError('client must be given: who is asked for what is not cached');
  for (const method of ['generate', 'generateStreaming', 'embed']) checkObject('client', client, method);
  checkObject('cache', options.cache, 'resolve');
  checkNumber('ttlMs', ttlMs, 0);
  const cache = options.cache ?? createCache<CachedAnswer>({ namespace: 'client-answers' });
  const remember = createRemember(cache, ttlMs);

  return completeClient({
    async generate(prompt, call = {}) {
      if (call.cache?.mode === 'bypass') return client.generate(prompt, call);
      const load = async (signal: AbortSignal): Promise<CachedGeneration> => ({
        generation: await client.generate(prompt, withoutBound(call, signal)),
      });
      const bound = callerBound(call);
      try {
        const { signal } = bound;
        return remembered(await remember({ key: generationKey(prompt, call), options: call, signal, load }));
      } finally {
        bound.leave(undefined);
      }
    },
    generateStreaming: (prompt, call = {}) =>
      call.cache?.mode === 'bypass'
        ? client.generateStreaming(prompt, call)
        : cachedStream(client, remember, generationKey(prompt, call), prompt, call),
    embed: async (input, call = {}) =>
      call.cache?.mode === 'bypass'
        ? client.embed(input, call)
        : cachedEmbed(client, cache, ttlMs, input, call),
  });
}

/** Streamed and whole answers to the same question share a key: each can be converted to the other. */
function generationKey(prompt: Prompt, options: GenerateOptions): string {
  return answerKey('generate', toMessages(prompt), options);
}
