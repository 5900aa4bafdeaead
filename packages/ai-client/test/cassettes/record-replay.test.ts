import { createCache } from '@ai-toolkit/core-cache';
import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import {
  type CassetteMode,
  createAiClient,
  createPipeline,
  entryCodec,
  openaiProvider,
  type Pipeline,
} from '../../src/index.js';
import { temporaryFolder } from './support.js';

const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const tools = [{ type: 'function' as const, function: { name: 'get_weather', parameters } }];
const ask = (content: string) => ({ model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content }] });

function pipelineAt(baseUrl: string, dir: string, mode: CassetteMode): Pipeline {
  return createPipeline({ providers: [openaiProvider(baseUrl)], cassettes: { dir, mode } });
}

function sdkAt(baseURL: string, { fetch }: Pipeline, apiKey = 'recording'): OpenAI {
  return new OpenAI({ baseURL, apiKey, fetch });
}

/** What a program does with a model, and what it gets. */
async function program(client: OpenAI): Promise<unknown[]> {
  const whole = await client.chat.completions.create(ask('Why do tides come twice a day?'));
  const pieces: unknown[] = [];
  for await (const chunk of await client.chat.completions.create({
    ...ask('Name three tides.'),
    stream: true,
  }))
    pieces.push(chunk);
  const called = await client.chat.completions.create({ ...ask('What is the weather in Paris?'), tools });
  const streamed = client.chat.completions.stream({ ...ask('What is the weather in Porto?'), tools });
  const response = await client.responses.create({ model: 'gpt-4o-mini', input: 'Say hello.' });
  const vectors = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['high', 'low'] });
  // What only says how the SDK got it is no part of the answer.
  return JSON.parse(
    JSON.stringify([whole, pieces, called, await streamed.finalChatCompletion(), response, vectors]),
  );
}

/** A base URL that nobody answers at any more. */
async function closedServer(): Promise<string> {
  const simulator = await createSimulator();
  const url = simulator.openaiBaseUrl;
  await simulator.close();
  return url;
}

async function recorded(
  dir: string,
  mode: CassetteMode,
  run: (client: OpenAI, simulator: Simulator) => Promise<unknown>,
): Promise<unknown> {
  await using simulator = await createSimulator();
  await using pipeline = pipelineAt(simulator.openaiBaseUrl, dir, mode);
  return await run(sdkAt(simulator.openaiBaseUrl, pipeline), simulator);
}

describe('cassettes', () => {
  it('replay what was recorded: elsewhere, with another key, with nobody there', async () => {
    await using folder = await temporaryFolder();
    const live = await recorded(folder.dir, 'record', program);
    expect(await folder.files()).toHaveLength(6);
    expect(
      (await folder.files()).filter((file) =>
        /^gpt-4o-mini--why-do-tides-come-twice-a-day--[0-9a-f]{12}\.json$/.test(file),
      ),
    ).toHaveLength(1);

    const nowhere = await closedServer();
    await using pipeline = pipelineAt(nowhere, folder.dir, 'replay');
    expect(pipeline.offline).toBe(true);
    const client = sdkAt(nowhere, pipeline, 'another');
    expect(await program(client)).toEqual(live);
    const { response } = await client.chat.completions
      .create(ask('Why do tides come twice a day?'))
      .withResponse();
    expect(response.headers.get('x-cache')).toBe('HIT');
  });

  it('answer in the shape that is asked for, whichever was recorded', async () => {
    await using folder = await temporaryFolder();
    await recorded(folder.dir, 'record', (client) =>
      client.chat.completions.create(ask('From body to stream')),
    );
    const nowhere = await closedServer();
    await using pipeline = pipelineAt(nowhere, folder.dir, 'replay');
    const client = sdkAt(nowhere, pipeline);
    const whole = await client.chat.completions.create(ask('From body to stream'));
    const streamed = await client.chat.completions.stream(ask('From body to stream')).finalContent();
    expect(streamed).toBe(whole.choices[0]?.message.content);
  });

  it('hold the request and the answer so that both can be read, and no credentials', async () => {
    await using folder = await temporaryFolder();
    const secret = `sk-proj-${'Zz19'.repeat(10)}`;
    await using simulator = await createSimulator();
    await using pipeline = pipelineAt(simulator.openaiBaseUrl, folder.dir, 'record');
    const client = new OpenAI({
      baseURL: simulator.openaiBaseUrl,
      apiKey: secret,
      organization: 'org-of-mine',
      defaultHeaders: { cookie: 'session=1', 'openai-beta': 'assistants=v2' },
      fetch: pipeline.fetch,
    });
    const told = `My key is ${secret}, is it safe?`;
    await client.chat.completions.create({ ...ask(told), stream: true }).then(async (stream) => {
      for await (const _ of stream);
    });
    await client.chat.completions.create(ask('And now?'));
    const [now = '', key = ''] = await Promise.all((await folder.files()).map(folder.read));
    for (const text of [now, key])
      for (const hidden of [secret, 'session=1', 'org-of-mine']) expect(text).not.toContain(hidden);
    const file = JSON.parse(key);
    expect(file).toMatchObject({
      cassette: 1,
      surface: 'chat',
      provider: 'openai-compatible',
      model: 'gpt-4o-mini',
      headers: { 'openai-beta': 'assistants=v2' },
      request: { messages: [{ role: 'user', content: 'My key is [redacted], is it safe?' }] },
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
    });
    expect(file.response.events.at(-1)).toEqual({ data: '[DONE]' });
    // An event a line.
    expect(key.split('\n').filter((line) => line.startsWith('      {"data":'))).toHaveLength(
      file.response.events.length,
    );
    expect(JSON.parse(now).response.body.choices).toHaveLength(1);

    // What was left out of the file is left out of what is looked for.
    const nowhere = await closedServer();
    await using replaying = pipelineAt(nowhere, folder.dir, 'replay');
    const other = new OpenAI({
      baseURL: nowhere,
      apiKey: 'k',
      defaultHeaders: { 'openai-beta': 'assistants=v2' },
      fetch: replaying.fetch,
    });
    await expect(other.chat.completions.create(ask(told))).resolves.toMatchObject({
      object: 'chat.completion',
    });
  });

  it('name the nearest one and what differs, with values, when there is none', async () => {
    await using folder = await temporaryFolder();
    const system = (time: string) => `You are brief. It is ${time}.`;
    const timed = (time: string, temperature: number) => ({
      ...ask('Hello'),
      messages: [{ role: 'system' as const, content: system(time) }, ...ask('Hello').messages],
      temperature,
    });
    await recorded(folder.dir, 'record', async (client) => {
      await client.chat.completions.create(timed('2026-03-01T10:00:00Z', 0));
      await client.chat.completions.create(ask('Something else'));
    });
    const nowhere = await closedServer();
    await using pipeline = pipelineAt(nowhere, folder.dir, 'replay');
    const failure = await sdkAt(nowhere, pipeline)
      .chat.completions.create(timed('2026-03-01T10:05:00Z', 0.5))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OpenAI.APIError);
    expect(failure).toMatchObject({ status: 504, code: 'AI_NOT_CACHED' });
    const { message } = failure as Error;
    expect(message).toMatch(/The nearest cassette is gpt-4o-mini--hello--[0-9a-f]{12}\.json/);
    expect(message).toContain('messages[0].content differs only in a timestamp');
    expect(message).toContain('2026-03-01T10:05:00Z');
    expect(message).toContain('temperature differs (0.5 here, 0 there)');
  });

  it('are asked before the cache, and record what they lack, in the mode auto', async () => {
    await using folder = await temporaryFolder();
    await recorded(folder.dir, 'record', (client) => client.chat.completions.create(ask('Known')));
    await recorded(folder.dir, 'auto', async (client, simulator) => {
      await client.chat.completions.create(ask('Known'));
      expect(simulator.stats().requests).toBe(0);
      await client.chat.completions.create(ask('New'));
      await client.chat.completions.create(ask('New'));
      expect(simulator.stats().requests).toBe(1);
    });
    expect(await folder.files()).toHaveLength(2);
  });

  it('record what the cache had, too', async () => {
    await using folder = await temporaryFolder();
    await using simulator = await createSimulator();
    const providers = [openaiProvider(simulator.openaiBaseUrl)];
    await using cache = createCache({ codec: entryCodec });
    await using first = createPipeline({ providers, cache });
    await sdkAt(simulator.openaiBaseUrl, first).chat.completions.create(ask('Before'));
    const recording = createPipeline({ providers, cache, cassettes: { dir: folder.dir, mode: 'record' } });
    await sdkAt(simulator.openaiBaseUrl, recording).chat.completions.create(ask('Before'));
    await recording.close();
    expect(simulator.stats().requests).toBe(1);
    expect(await folder.files()).toHaveLength(1);
  });

  it('serve the client’s methods, vectors included', async () => {
    await using folder = await temporaryFolder();
    const use = async (baseUrl: string, mode: CassetteMode): Promise<unknown> => {
      await using pipeline = pipelineAt(baseUrl, folder.dir, mode);
      await using client = createAiClient({
        pipeline,
        model: 'gpt-4o-mini',
        embeddingModel: 'text-embedding-3-small',
      });
      const { text } = await client.generate('Why?');
      const { vectors } = await client.embed(['high', 'low']);
      return [text, vectors];
    };
    await using simulator = await createSimulator();
    const live = await use(simulator.openaiBaseUrl, 'record');
    expect(await use(await closedServer(), 'replay')).toEqual(live);
    await using pipeline = pipelineAt(simulator.openaiBaseUrl, folder.dir, 'replay');
    await using client = createAiClient({ pipeline });
    await expect(client.generate('Why?')).rejects.toMatchObject({ code: 'AI_NOT_CACHED' });
    expect(simulator.stats().requests).toBe(2);
  });

  it('know Anthropic’s surface as well', async () => {
    await using folder = await temporaryFolder();
    const message = {
      model: 'claude-sonnet-5-5',
      max_tokens: 500,
      messages: [{ role: 'user' as const, content: 'Hello' }],
    };
    const use = async (baseURL: string, mode: CassetteMode): Promise<unknown[]> => {
      await using pipeline = createPipeline({ providers: [], cassettes: { dir: folder.dir, mode } });
      const client = new Anthropic({ baseURL, apiKey: mode, fetch: pipeline.fetch });
      const whole = await client.messages.create(message);
      const streamed = await client.messages.stream({ ...message, system: 'Be brief.' }).finalMessage();
      return JSON.parse(JSON.stringify([whole, streamed]));
    };
    const simulator = await createSimulator();
    const live = await use(simulator.anthropicBaseUrl, 'record');
    await simulator.close();
    const other = await createSimulator();
    expect(await use(other.anthropicBaseUrl, 'replay')).toEqual(live);
    expect(other.stats().requests).toBe(0);
    await other.close();
  });

  it('ask nobody for anything else either', async () => {
    await using folder = await temporaryFolder();
    await using simulator = await createSimulator();
    await using pipeline = pipelineAt(simulator.openaiBaseUrl, folder.dir, 'replay');
    const client = sdkAt(simulator.openaiBaseUrl, pipeline);
    await expect(client.models.list()).rejects.toMatchObject({ status: 504, code: 'AI_NOT_CACHED' });
    await expect(
      client.chat.completions.create({ ...ask('Search'), web_search_options: {} }),
    ).rejects.toThrow(/never stored: the provider searches the web/);
    expect(simulator.stats().requests).toBe(0);
  });
});
