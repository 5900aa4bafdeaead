import { createHash } from 'node:crypto';
import {
  type AiClient,
  AiError,
  type GenerateOptions,
  type Generation,
  type GenerationEvent,
} from '@ai-toolkit/ai-client';
import type { Forecast } from '../src/index.js';

interface FakeCall {
  readonly prompt: string;
  readonly options: GenerateOptions;
}

export interface FakeClient extends Pick<AiClient, 'generateStreaming'> {
  /** Every call, including those answered by the cache. */
  readonly calls: FakeCall[];
  /** Calls that reached the provider. */
  providerCalls: number;
  /** Looks into the cache without a call. */
  readonly forecast: Forecast;
  /** Runs after the first piece of text; may wait or throw. */
  between: (call: FakeCall) => Promise<void> | void;
  /** Overrides the answer. */
  answer: (call: FakeCall) => Partial<Generation>;
}

/** A client with a response cache, whose answers depend only on the request. */
export function createFakeClient(): FakeClient {
  const cache = new Set<string>();
  const fake: FakeClient = {
    calls: [],
    providerCalls: 0,
    between: () => undefined,
    answer: () => ({}),
    async *generateStreaming(prompt, options = {}): AsyncGenerator<GenerationEvent> {
      if (typeof prompt !== 'string') throw new TypeError('the planner sends texts');
      const call = { prompt, options };
      fake.calls.push(call);
      const { model, signal } = options;
      const key = keyOf(prompt, options);
      const mode = options.cache?.mode;
      const hit = cache.has(key) && mode !== 'refresh' && mode !== 'bypass';
      if (!hit && mode === 'only-if-cached') {
        throw new AiError('AI_NOT_CACHED', 'not cached', { hint: 'ask' });
      }
      if (!hit) fake.providerCalls += 1;
      const digest = createHash('sha256').update(key).digest('hex').slice(0, 8);
      const title = /^# .*: .*$/mu.exec(prompt.slice(prompt.lastIndexOf('Title and headings:')))?.[0];
      const text = `${title ?? '# Answer'}\n\nAnswer ${digest}.\n`;
      const generation: Generation = {
        text,
        model: model ?? 'fake-1',
        provider: 'fake',
        finishReason: 'stop',
        usage: { inputTokens: prompt.length, outputTokens: text.length },
        cache: hit ? 'hit' : 'miss',
        ...fake.answer(call),
      };
      const middle = Math.floor(generation.text.length / 2);
      yield { type: 'text', text: generation.text.slice(0, middle) };
      await fake.between(call);
      signal?.throwIfAborted();
      yield { type: 'text', text: generation.text.slice(middle) };
      cache.add(key);
      yield { type: 'done', generation };
    },
    forecast: async (prompt, options) => ({
      cache: cache.has(keyOf(prompt, options)) ? 'hit' : 'miss',
      upstreams: [{ provider: 'fake', model: options.model ?? 'fake-1' }],
    }),
  };
  return fake;
}

function keyOf(prompt: string, { system, model, maxTokens, temperature }: GenerateOptions): string {
  return JSON.stringify([prompt, system, model, maxTokens, temperature]);
}

/** Rejects with the signal's reason when it is aborted. */
export function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
