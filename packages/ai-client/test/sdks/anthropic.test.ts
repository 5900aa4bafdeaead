import { createSimulator } from '@ai-toolkit/llm-simulator';
import Anthropic, { type ClientOptions } from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { anthropicProvider } from '../../src/index.js';
import { run } from '../support/run-exchange.js';
import { createStage, type Stage } from '../support/stage.js';

const model = 'claude-sonnet-5-5';
const question = {
  model,
  max_tokens: 4096,
  messages: [{ role: 'user' as const, content: 'Name three tides, and why they come.' }],
};
const tools = [
  {
    name: 'get_weather',
    description: 'Weather of a city',
    input_schema: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] },
  },
];
const forecast = {
  ...question,
  tools,
  messages: [{ role: 'user' as const, content: 'What is the weather in Paris and London?' }],
};

function clientOf({ simulator, pipeline }: Stage, options: ClientOptions = {}): Anthropic {
  return new Anthropic({
    apiKey: 'k',
    baseURL: simulator.anthropicBaseUrl,
    fetch: pipeline.fetch,
    ...options,
  });
}

describe('@anthropic-ai/sdk', () => {
  it('answers, streams from the stored body, and asks nobody the second time', async () => {
    await using stage = await createStage();
    const client = clientOf(stage);
    const { data, response } = await client.messages.create(question).withResponse();
    expect(response.headers.get('x-cache')).toBe('MISS');
    const streamed = await client.messages.stream(question).finalMessage();
    // The SDK adds `parsed_output`.
    expect(streamed).toMatchObject(data);
    const again = await client.messages.create({ ...question, metadata: { user_id: 'u' } }).withResponse();
    expect(again.response.headers.get('x-cache')).toBe('HIT');
    expect(again.request_id).toBe(stage.records.at(-1)?.requestId);
    expect(again.data).toEqual(data);
    expect(stage.simulator.stats().requests).toBe(1);
    expect(stage.records.map(({ usage }) => usage?.outputTokens)).toEqual(
      Array(3).fill(data.usage.output_tokens),
    );
  });

  it('streams text, thinking and tools, and answers from the stored stream', async () => {
    await using stage = await createStage();
    const client = clientOf(stage);
    for (const request of [
      question,
      { ...question, thinking: { type: 'enabled' as const, budget_tokens: 1024 } },
      forecast,
    ]) {
      const live = await client.messages.stream(request).finalMessage();
      const stored = await client.messages.create(request).withResponse();
      expect(stored.response.headers.get('x-cache')).toBe('HIT');
      expect(live).toMatchObject(stored.data);
    }
    const { content, stop_reason } = await client.messages.create(forecast);
    expect(stop_reason).toBe('tool_use');
    expect(content).toMatchObject([
      { type: 'tool_use', name: 'get_weather', input: { city: 'Paris' } },
      { type: 'tool_use', name: 'get_weather', input: { city: 'London' } },
    ]);
    expect(stage.simulator.stats().requests).toBe(3);
  });

  it('writes JSON to a schema, and keeps versions and betas apart', async () => {
    await using stage = await createStage();
    const client = clientOf(stage);
    const schema = {
      type: 'object',
      properties: { tides: { type: 'array', items: { type: 'string' } } },
      required: ['tides'],
      additionalProperties: false,
    };
    const request = { ...question, output_config: { format: { type: 'json_schema' as const, schema } } };
    const [block] = (await client.messages.create(request)).content;
    expect(JSON.parse(block?.type === 'text' ? block.text : '')).toEqual({ tides: expect.any(Array) });

    const cached = async (headers: Record<string, string>): Promise<string | null> =>
      (await client.messages.create(question, { headers }).withResponse()).response.headers.get('x-cache');
    const beta = { 'anthropic-beta': 'context-1m-2025-08-07' };
    expect([await cached({}), await cached(beta), await cached(beta)]).toEqual(['MISS', 'MISS', 'HIT']);
    expect(stage.simulator.requests().at(-1)?.headers).toMatchObject(beta);
  });

  it('gives errors that the SDK types: 401, 404, 429 after the retries, 500, unreachable', async () => {
    await using stage = await createStage({ maxRetries: 1 }, { apiKeys: ['k'], strictModels: true });
    const { simulator } = stage;
    const client = clientOf(stage);
    const ask = (asked: Anthropic = client, name = model): Promise<unknown> =>
      asked.messages.create({ ...question, model: name });
    await expect(ask(clientOf(stage, { apiKey: 'other' }))).rejects.toBeInstanceOf(
      Anthropic.AuthenticationError,
    );
    await expect(ask(client, 'none')).rejects.toBeInstanceOf(Anthropic.NotFoundError);
    simulator.setFaults('status=429; retry-after=1; retry-after-style=ms');
    simulator.resetStats();
    await expect(ask()).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    expect(simulator.stats().requests).toBe(2);
    // Another model: this one has just been told to slow down.
    simulator.setFaults('status=529');
    simulator.resetStats();
    const overloaded = await ask(client, 'claude-opus-5-5').catch((reason: unknown) => reason);
    expect(overloaded).toBeInstanceOf(Anthropic.InternalServerError);
    expect(overloaded).toMatchObject({ status: 529, type: 'overloaded_error' });
    expect(simulator.stats().requests).toBe(2);
    const away = clientOf(stage, { baseURL: 'http://127.0.0.1:9', maxRetries: 0 });
    await expect(ask(away)).rejects.toBeInstanceOf(Anthropic.APIConnectionError);
  });

  it('tells our own errors in the words of the wire format', async () => {
    await using stage = await createStage();
    const client = clientOf(stage, { defaultHeaders: { 'cache-control': 'only-if-cached' } });
    const error = await client.messages.create(question).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Anthropic.InternalServerError);
    expect(error).toMatchObject({
      status: 504,
      type: 'timeout_error',
      errorCode: 'AI_NOT_CACHED',
      requestID: stage.records[0]?.requestId,
    });
  });

  it('never ends a broken stream like a whole one, and does not store it', async () => {
    await using stage = await createStage({ maxRetries: 0 });
    const client = clientOf(stage, { maxRetries: 0 });
    for (const fault of ['cut-after=6', 'end-after=6', 'error=overloaded_error; error-after=6']) {
      stage.simulator.setFaults(fault);
      await expect(client.messages.stream(question).finalMessage(), fault).rejects.toThrow();
    }
    const error = await client.messages
      .stream(question)
      .finalMessage()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Anthropic.APIError);
    expect(error).toMatchObject({ type: 'overloaded_error' });
    stage.simulator.clearFaults();
    stage.simulator.resetStats();
    await client.messages.create(question);
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('passes an abort on, before the first byte and in the middle', async () => {
    await using stage = await createStage({}, { faults: ['chunk-delay=20'] });
    const client = clientOf(stage);
    for await (const _event of client.messages.stream(question)) break;
    await expect.poll(() => stage.simulator.stats().abortedStreams).toBe(1);
    stage.simulator.setFaults('delay=60000');
    const leaving = new AbortController();
    const waiting = client.messages.create(question, { signal: leaving.signal });
    const outcome = expect(waiting).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(1);
    leaving.abort();
    await outcome;
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(0);
    expect(stage.pipeline.stats()).toEqual({ openCalls: 0, sharedFlights: 0 });
  });

  it('stores no refusal', async () => {
    await using stage = await createStage();
    const client = clientOf(stage, { defaultHeaders: { 'x-simulator-answer': 'refusal' } });
    for (let round = 0; round < 2; round++)
      expect(await client.messages.create(question)).toMatchObject({ stop_reason: 'refusal' });
    expect(stage.simulator.stats().requests).toBe(2);
  });
});

describe("the pipeline's own provider of messages", () => {
  it('is asked with its key and a version, at the same address as by the SDK', async () => {
    await using simulator = await createSimulator({ apiKeys: ['k'] });
    await using stage = await createStage({
      providers: [anthropicProvider(simulator.anthropicBaseUrl, 'k')],
    });
    const request = { surface: 'messages' as const, body: Buffer.from(JSON.stringify(question)) };
    const outcome = await run(stage.pipeline, request);
    expect(outcome.head).toMatchObject({ status: 200, provider: 'anthropic', cache: 'miss' });
    expect(JSON.parse(outcome.text)).toMatchObject({ type: 'message', stop_reason: 'end_turn' });
    const [asked] = simulator.requests();
    expect(asked?.path).toBe('/v1/messages');
    expect(asked?.headers).toMatchObject({ 'anthropic-version': '2023-06-01' });
    expect(asked?.headers.authorization).toBeUndefined();
  });

  it('tells a broken request in the words of the wire format', async () => {
    await using stage = await createStage();
    const response = await stage.pipeline.fetch(`${stage.simulator.anthropicBaseUrl}/v1/messages`, {
      method: 'POST',
      body: '{"model":',
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error' },
      request_id: response.headers.get('request-id'),
    });
  });

  it('leaves messages of a thread to the API that they belong to', async () => {
    await using stage = await createStage();
    const url = `${stage.simulator.openaiBaseUrl}/threads/thread_1/messages`;
    const response = await stage.pipeline.fetch(url, { method: 'POST', body: '{}' });
    expect(response.status).toBe(404);
    expect(response.headers.get('x-cache')).toBeNull();
    expect(stage.records).toEqual([]);
  });
});
