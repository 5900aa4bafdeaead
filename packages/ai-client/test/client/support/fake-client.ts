import { setImmediate } from 'node:timers/promises';
import type {
  BaseAiClient,
  EmbedOptions,
  GenerateOptions,
  Generation,
  GenerationEvent,
} from '../../../src/index.js';

export interface FakeClient extends BaseAiClient {
  /** Options of the calls that reached it. */
  readonly calls: (GenerateOptions & EmbedOptions)[];
  /** Calls whose signal was aborted. */
  aborted: number;
  /** Returns the answer to a prompt. */
  answer: (prompt: unknown) => Partial<Generation>;
  /** Awaited in the middle of each answer. */
  between: () => Promise<void>;
  /** Texts of each call of `embed`. */
  readonly embedded: (readonly string[])[];
}

/** A third-party client: no pipeline, no cache. */
export function createFakeClient(): FakeClient {
  async function middle(signal: AbortSignal | undefined): Promise<void> {
    const aborted = Promise.withResolvers<never>();
    signal?.addEventListener('abort', () => {
      fake.aborted += 1;
      aborted.reject(signal.reason);
    });
    await Promise.race([fake.between(), aborted.promise]);
  }
  const whole = (prompt: unknown): Generation => ({
    text: 'Twice a day.',
    model: 'fake-1',
    finishReason: 'stop',
    cache: 'bypass',
    ...fake.answer(prompt),
  });
  const fake: FakeClient = {
    calls: [],
    aborted: 0,
    answer: () => ({}),
    between: async () => {
      await setImmediate();
    },
    embedded: [],
    async generate(prompt, options = {}) {
      fake.calls.push(options);
      await middle(options.signal);
      return whole(prompt);
    },
    async *generateStreaming(prompt, options = {}): AsyncGenerator<GenerationEvent> {
      fake.calls.push(options);
      const generation = whole(prompt);
      const half = Math.floor(generation.text.length / 2);
      yield { type: 'text', text: generation.text.slice(0, half) };
      await middle(options.signal);
      yield { type: 'text', text: generation.text.slice(half) };
      yield { type: 'done', generation };
    },
    async embed(input, options = {}) {
      fake.calls.push(options);
      const texts = typeof input === 'string' ? [input] : input;
      fake.embedded.push(texts);
      await middle(options.signal);
      return {
        vectors: texts.map((text) => Float32Array.of(text.length, 1)),
        dimensions: 2,
        model: 'fake-embed',
        cache: texts.map(() => 'bypass' as const),
        usage: { inputTokens: texts.length, outputTokens: 0 },
      };
    },
  };
  return fake;
}
