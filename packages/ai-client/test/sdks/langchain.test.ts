import { tool } from '@langchain/core/tools';
import { ChatOpenAI, type ChatOpenAIFields, OpenAIEmbeddings } from '@langchain/openai';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createStage, type Stage } from '../support/stage.js';

const prompt = 'Name three tides, and why they come.';

// Each face is one endpoint of OpenAI.
const faces = [
  { name: 'chat completions', fields: { useResponsesApi: false } },
  { name: 'responses', fields: { useResponsesApi: true } },
];

function modelOf({ simulator, pipeline }: Stage, fields: ChatOpenAIFields): ChatOpenAI {
  return new ChatOpenAI({
    model: 'gpt-4o-mini',
    apiKey: 'k',
    // The pipeline makes the retries: LangChain's own, six, would multiply them.
    maxRetries: 0,
    configuration: { baseURL: simulator.openaiBaseUrl, fetch: pipeline.fetch },
    ...fields,
  });
}

const weather = tool(({ city }) => `Clear sky over ${city}`, {
  name: 'get_weather',
  description: 'Weather of a city',
  schema: z.object({ city: z.string() }),
});

describe.each(faces)('@langchain/openai over $name', ({ fields }) => {
  it('answers, streams from the stored body, and asks nobody the second time', async () => {
    await using stage = await createStage();
    const first = await modelOf(stage, fields).invoke(prompt);
    let text = '';
    for await (const chunk of await modelOf(stage, fields).stream(prompt)) text += chunk.text;
    expect(text).toBe(first.text);
    const again = await modelOf(stage, fields).invoke(prompt);
    expect(again.text).toBe(first.text);
    expect(again.usage_metadata).toEqual(first.usage_metadata);
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('streams, and answers from the stored stream', async () => {
    await using stage = await createStage();
    let text = '';
    for await (const chunk of await modelOf(stage, fields).stream(prompt)) text += chunk.text;
    expect((await modelOf(stage, fields).invoke(prompt)).text).toBe(text);
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('calls tools, and writes to a schema', async () => {
    await using stage = await createStage();
    const asking = modelOf(stage, fields).bindTools([weather]);
    const question = 'What is the weather in Paris?';
    const live = await asking.invoke(question);
    expect(live.tool_calls).toMatchObject([{ name: 'get_weather', args: { city: expect.any(String) } }]);
    expect((await asking.invoke(question)).tool_calls).toEqual(live.tool_calls);
    const writing = modelOf(stage, fields).withStructuredOutput(z.object({ tides: z.array(z.string()) }));
    const output = await writing.invoke(prompt);
    expect(output).toEqual({ tides: expect.any(Array) });
    expect(await writing.invoke(prompt)).toEqual(output);
    expect(stage.simulator.stats().requests).toBe(2);
  });

  it('gives errors that LangChain types: 401, 404, 429 after the retries, 500, unreachable', async () => {
    await using stage = await createStage({ maxRetries: 1 }, { apiKeys: ['k'], strictModels: true });
    const { simulator } = stage;
    const failure = (more: ChatOpenAIFields = {}): Promise<unknown> =>
      modelOf(stage, { ...fields, ...more })
        .invoke(prompt)
        .catch((error: unknown) => error);
    expect(await failure({ apiKey: 'other' })).toMatchObject({
      status: 401,
      lc_error_code: 'MODEL_AUTHENTICATION',
    });
    expect(await failure({ model: 'none' })).toMatchObject({ status: 404, lc_error_code: 'MODEL_NOT_FOUND' });
    simulator.setFaults('status=500');
    simulator.resetStats();
    expect(await failure()).toMatchObject({ status: 500 });
    expect(simulator.stats().requests).toBe(2);
    simulator.setFaults('status=429; retry-after=1; retry-after-style=ms');
    simulator.resetStats();
    expect(await failure()).toMatchObject({ status: 429, lc_error_code: 'MODEL_RATE_LIMIT' });
    expect(simulator.stats().requests).toBe(2);
    const away = { baseURL: 'http://127.0.0.1:9/v1', fetch: stage.pipeline.fetch };
    expect(await failure({ configuration: away })).toMatchObject({
      message: expect.stringMatching(/connection/i),
    });
  });

  it('tells a stream that is cut from a whole one, and does not store it', async () => {
    await using stage = await createStage({ maxRetries: 0 });
    const read = async (): Promise<void> => {
      for await (const _chunk of await modelOf(stage, fields).stream(prompt));
    };
    for (const fault of ['cut-after=6', 'end-after=6', 'error-after=6']) {
      stage.simulator.setFaults(fault);
      await expect(read(), fault).rejects.toThrow();
    }
    stage.simulator.clearFaults();
    stage.simulator.resetStats();
    await read();
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('passes an abort on', async () => {
    await using stage = await createStage({}, { faults: ['delay=60000'] });
    const leaving = new AbortController();
    const waiting = modelOf(stage, fields).invoke(prompt, { signal: leaving.signal });
    const outcome = expect(waiting).rejects.toThrow(/abort/i);
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(1);
    leaving.abort();
    await outcome;
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(0);
    expect(stage.pipeline.stats()).toEqual({ openCalls: 0, sharedFlights: 0 });
  });
});

describe('@langchain/openai over embeddings', () => {
  it('embeds, and asks nobody the second time', async () => {
    await using stage = await createStage();
    const embeddings = new OpenAIEmbeddings({
      model: 'text-embedding-3-small',
      apiKey: 'k',
      maxRetries: 0,
      configuration: { baseURL: stage.simulator.openaiBaseUrl, fetch: stage.pipeline.fetch },
    });
    const first = await embeddings.embedDocuments(['high tide', 'low tide']);
    expect(first).toHaveLength(2);
    expect(await embeddings.embedDocuments(['high tide', 'low tide'])).toEqual(first);
    expect(stage.simulator.stats().requests).toBe(1);
  });
});
