import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import {
  APICallError,
  embedMany,
  generateText,
  jsonSchema,
  type LanguageModel,
  Output,
  streamText,
  tool,
} from 'ai';
import { describe, expect, it } from 'vitest';
import { createStage, type Stage } from '../support/stage.js';

const prompt = 'Name three tides, and why they come.';
// The pipeline makes the retries: the SDK's own would multiply them.
const maxRetries = 0;

interface Face {
  readonly name: string;
  model(stage: Stage, id?: string, options?: { apiKey?: string; baseURL?: string }): LanguageModel;
}

const faces: readonly Face[] = [
  {
    name: '@ai-sdk/openai-compatible',
    model: ({ simulator, pipeline }, id = 'gpt-4o-mini', options = {}) =>
      createOpenAICompatible({
        name: 'simulated',
        apiKey: 'k',
        baseURL: simulator.openaiBaseUrl,
        fetch: pipeline.fetch,
        includeUsage: true,
        supportsStructuredOutputs: true,
        ...options,
      })(id),
  },
  {
    name: '@ai-sdk/anthropic',
    model: ({ simulator, pipeline }, id = 'claude-sonnet-5-5', options = {}) =>
      createAnthropic({
        apiKey: 'k',
        baseURL: simulator.openaiBaseUrl,
        fetch: pipeline.fetch,
        ...options,
      })(id),
  },
];

const weather = tool({
  description: 'Weather of a city',
  inputSchema: jsonSchema<{ city: string }>({
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
  }),
  execute: ({ city }) => ({ city, sky: 'clear' }),
});

describe.each(faces)('ai with $name', ({ model }) => {
  it('generates, streams from the stored body, and asks nobody the second time', async () => {
    await using stage = await createStage();
    const first = await generateText({ model: model(stage), prompt, maxRetries });
    expect(first.response.headers?.['x-cache']).toBe('MISS');
    const streamed = streamText({ model: model(stage), prompt, maxRetries });
    let text = '';
    for await (const piece of streamed.textStream) text += piece;
    expect(text).toBe(first.text);
    expect(await streamed.usage).toMatchObject({ outputTokens: first.usage.outputTokens });
    expect(await streamed.finishReason).toBe(first.finishReason);
    const again = await generateText({ model: model(stage), prompt, maxRetries });
    expect(again).toMatchObject({ text: first.text, usage: first.usage });
    expect(again.response.headers?.['x-cache']).toBe('HIT');
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('streams, and generates from the stored stream', async () => {
    await using stage = await createStage();
    const text = await streamText({ model: model(stage), prompt, maxRetries }).text;
    const stored = await generateText({ model: model(stage), prompt, maxRetries });
    expect(stored.text).toBe(text);
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('calls tools and goes on with their results, each step once', async () => {
    await using stage = await createStage();
    const ask = {
      model: model(stage),
      prompt: 'What is the weather in Paris?',
      tools: { weather },
      maxRetries,
    };
    const stopWhen = ({ steps }: { steps: readonly unknown[] }): boolean => steps.length >= 2;
    const first = await generateText({ ...ask, stopWhen });
    expect(first.steps[0]?.toolResults).toMatchObject([{ toolName: 'weather', output: { sky: 'clear' } }]);
    expect(first.text).not.toBe('');
    const asked = stage.simulator.stats().requests;
    expect(asked).toBe(2);
    const again = await generateText({ ...ask, stopWhen });
    expect(again.text).toBe(first.text);
    expect(stage.simulator.stats().requests).toBe(asked);
    const streamed = streamText({ ...ask, stopWhen });
    expect(await streamed.text).toBe(first.text);
    const calls = (await streamed.steps)[0]?.toolCalls.map(({ input }) => input);
    expect(calls).toEqual(first.steps[0]?.toolCalls.map(({ input }) => input));
  });

  it('writes objects to a schema, in both shapes from one answer', async () => {
    await using stage = await createStage();
    const schema = jsonSchema<{ tides: string[] }>({
      type: 'object',
      properties: { tides: { type: 'array', items: { type: 'string' } } },
      required: ['tides'],
      additionalProperties: false,
    });
    const ask = { model: model(stage), prompt, output: Output.object({ schema }), maxRetries };
    const { output } = await generateText(ask);
    expect(output).toEqual({ tides: expect.any(Array) });
    expect(await streamText(ask).output).toEqual(output);
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('gives errors that the SDK types: 401, 404, 429 after the retries, 500, unreachable', async () => {
    await using stage = await createStage({ maxRetries: 1 }, { apiKeys: ['k'], strictModels: true });
    const { simulator } = stage;
    const status = async (asked: LanguageModel): Promise<unknown> => {
      const error: unknown = await generateText({ model: asked, prompt, maxRetries }).catch(
        (reason: unknown) => reason,
      );
      expect(APICallError.isInstance(error), String(error)).toBe(true);
      return APICallError.isInstance(error) ? (error.statusCode ?? error.isRetryable) : undefined;
    };
    expect(await status(model(stage, undefined, { apiKey: 'other' }))).toBe(401);
    expect(await status(model(stage, 'none'))).toBe(404);
    simulator.setFaults('status=500');
    simulator.resetStats();
    expect(await status(model(stage))).toBe(500);
    expect(simulator.stats().requests).toBe(2);
    simulator.setFaults('status=429; retry-after=1; retry-after-style=ms');
    simulator.resetStats();
    expect(await status(model(stage))).toBe(429);
    expect(simulator.stats().requests).toBe(2);
    // No status, but a failure that another attempt may heal.
    expect(await status(model(stage, undefined, { baseURL: 'http://127.0.0.1:9/v1' }))).toBe(true);
  });

  it('tells a stream that is cut or ends in an error from a whole one, and does not store it', async () => {
    await using stage = await createStage({ maxRetries: 0 });
    for (const fault of ['cut-after=6', 'end-after=6', 'error-after=6']) {
      stage.simulator.setFaults(fault);
      expect(await failures(model(stage)), fault).not.toEqual([]);
    }
    stage.simulator.clearFaults();
    stage.simulator.resetStats();
    await generateText({ model: model(stage), prompt, maxRetries });
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('passes an abort on, before the first byte and in the middle', async () => {
    await using stage = await createStage({}, { faults: ['chunk-delay=20'] });
    const leaving = new AbortController();
    const streamed = streamText({ model: model(stage), prompt, maxRetries, abortSignal: leaving.signal });
    for await (const part of streamed.stream) if (part.type === 'text-delta') leaving.abort();
    await expect.poll(() => stage.simulator.stats().abortedStreams).toBe(1);
    stage.simulator.setFaults('delay=60000');
    const early = new AbortController();
    const waiting = generateText({ model: model(stage), prompt, maxRetries, abortSignal: early.signal });
    const outcome = expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(1);
    early.abort();
    await outcome;
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(0);
    expect(stage.pipeline.stats()).toEqual({ openCalls: 0, sharedFlights: 0 });
  });
});

/** The SDK tells of some failures in the stream, of others by breaking it. */
async function failures(asked: LanguageModel): Promise<unknown[]> {
  const errors: unknown[] = [];
  try {
    const { stream } = streamText({ model: asked, prompt, maxRetries, onError: () => undefined });
    for await (const part of stream) if (part.type === 'error') errors.push(part.error);
  } catch (error) {
    errors.push(error);
  }
  return errors;
}

describe('ai with embeddings', () => {
  it('embeds, and asks nobody the second time', async () => {
    await using stage = await createStage();
    const provider = createOpenAICompatible({
      name: 'simulated',
      baseURL: stage.simulator.openaiBaseUrl,
      fetch: stage.pipeline.fetch,
    });
    const ask = {
      model: provider.embeddingModel('text-embedding-3-small'),
      values: ['high tide', 'low tide'],
    };
    const first = await embedMany(ask);
    expect(first.embeddings).toHaveLength(2);
    expect((await embedMany(ask)).embeddings).toEqual(first.embeddings);
    expect(stage.simulator.stats().requests).toBe(1);
  });
});
