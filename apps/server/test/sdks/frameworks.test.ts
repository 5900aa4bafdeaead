import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { ChatOpenAI, OpenAIEmbeddings } from '@langchain/openai';
import { embedMany, generateText, jsonSchema, type LanguageModel, Output, streamText, tool } from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParityStage, errorOf, type ParityStage, type Place } from '../support/parity.js';

let stage: ParityStage;
beforeAll(async () => {
  stage = await createParityStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const prompt = 'Name three tides, and why they come.';
const maxRetries = 0;

type Face = (place: Place, id?: string) => LanguageModel;

const faces: readonly (readonly [name: string, face: Face])[] = [
  [
    '@ai-sdk/openai-compatible',
    ({ openai: baseURL, apiKey }, id = 'gpt-4o-mini') =>
      createOpenAICompatible({
        name: 'simulated',
        baseURL,
        apiKey,
        includeUsage: true,
        supportsStructuredOutputs: true,
      })(id),
  ],
  [
    '@ai-sdk/anthropic',
    ({ anthropic, apiKey }, id = 'claude-sonnet-5-5') =>
      createAnthropic({ baseURL: `${anthropic}/v1`, apiKey })(id),
  ],
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

describe.each(faces)("Vercel's ai with %s, pointed at the server", (_name, model) => {
  it('generates, streams, calls tools and writes to a schema as at the provider', async () => {
    await stage.same(async (place) => {
      const { text, usage, finishReason } = await generateText({ model: model(place), prompt, maxRetries });
      return { text, usage, finishReason };
    });
    await stage.same(async (place) => {
      const streamed = streamText({ model: model(place), prompt, temperature: 0.5, maxRetries });
      return { text: await streamed.text, usage: await streamed.usage, reason: await streamed.finishReason };
    });
    await stage.same(async (place) => {
      const { steps, text } = await generateText({
        model: model(place),
        prompt: 'What is the weather in Paris?',
        tools: { weather },
        stopWhen: (ran) => ran.steps.length >= 2,
        maxRetries,
      });
      return { text, calls: steps.map(({ toolCalls }) => toolCalls.map(({ input }) => input)) };
    });
    const schema = jsonSchema<{ tides: string[] }>({
      type: 'object',
      properties: { tides: { type: 'array', items: { type: 'string' } } },
      required: ['tides'],
      additionalProperties: false,
    });
    await stage.same(
      async (place) =>
        (await generateText({ model: model(place), prompt, output: Output.object({ schema }), maxRetries }))
          .output,
    );
  });

  it('gets the same errors', async () => {
    const failing = (id?: string): Promise<unknown> =>
      stage.same((place) =>
        errorOf(generateText({ model: model(place, id), prompt: 'Nothing stored.', maxRetries })),
      );
    expect(await failing('none')).toMatchObject({ class: 'APICallError', statusCode: 404 });
    stage.simulator.setFaults('status=500');
    expect(await failing()).toMatchObject({ class: 'APICallError', statusCode: 500 });
    await stage.recover();
  });
});

describe("Vercel's ai for embeddings", () => {
  it('gets the same vectors', async () => {
    await stage.same(async ({ openai: baseURL, apiKey }) => {
      const model = createOpenAICompatible({ name: 'simulated', baseURL, apiKey }).embeddingModel(
        'text-embedding-3-small',
      );
      return (await embedMany({ model, values: ['high tide', 'low tide'] })).embeddings;
    });
  });
});

describe.each([false, true])('LangChain (responses: %s), pointed at the server', (useResponsesApi) => {
  const chat = ({ openai: baseURL, apiKey }: Place, more = {}): ChatOpenAI =>
    new ChatOpenAI({
      model: 'gpt-4o-mini',
      apiKey,
      maxRetries: 0,
      useResponsesApi,
      configuration: { baseURL },
      ...more,
    });

  it('answers and streams as at the provider', async () => {
    await stage.same(async (place) => {
      const { text, usage_metadata } = await chat(place).invoke(prompt);
      return { text, usage_metadata };
    });
    await stage.same(async (place) => {
      const chunks: string[] = [];
      for await (const chunk of await chat(place, { temperature: 0.5 }).stream(prompt))
        chunks.push(chunk.text);
      return chunks;
    });
  });

  it('gets the same errors', async () => {
    expect(await stage.same((place) => errorOf(chat(place, { model: 'none' }).invoke(prompt)))).toMatchObject(
      { status: 404 },
    );
    stage.simulator.setFaults('status=500');
    expect(
      await stage.same((place) => errorOf(chat(place, { temperature: 0.3 }).invoke(prompt))),
    ).toMatchObject({ status: 500 });
    await stage.recover();
  });
});

describe('LangChain for embeddings', () => {
  it('gets the same vectors', async () => {
    await stage.same(({ openai: baseURL, apiKey }) =>
      new OpenAIEmbeddings({
        model: 'text-embedding-3-small',
        apiKey,
        maxRetries: 0,
        configuration: { baseURL },
      }).embedDocuments(['high tide', 'low tide']),
    );
  });
});
