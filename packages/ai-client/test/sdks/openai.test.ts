import OpenAI, { type ClientOptions } from 'openai';
import { describe, expect, it } from 'vitest';
import { createStage, type Stage } from '../support/stage.js';

const messages = [{ role: 'user' as const, content: 'Name three tides, and why they come.' }];
const chat = { model: 'gpt-4o-mini', messages };
const ask = { model: 'gpt-4o-mini', input: 'Name three tides, and why they come.' };
const parameters = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const schema = {
  type: 'object',
  properties: { tides: { type: 'array', items: { type: 'string' } } },
  required: ['tides'],
  additionalProperties: false,
};
const forecast = { model: 'gpt-4o-mini', input: 'What is the weather in Paris?' };
const tools = [{ type: 'function' as const, name: 'get_weather', parameters, strict: true }];

function clientOf({ simulator, pipeline }: Stage, options: ClientOptions = {}): OpenAI {
  return new OpenAI({ apiKey: 'k', baseURL: simulator.openaiBaseUrl, fetch: pipeline.fetch, ...options });
}

describe('openai: chat', () => {
  it('runs tools, streamed and not, and the second time asks nobody', async () => {
    await using stage = await createStage();
    const client = clientOf(stage);
    const request = {
      model: 'gpt-4o-mini',
      messages: [{ role: 'user' as const, content: 'What is the weather in Paris?' }],
      tools: [{ type: 'function' as const, function: { name: 'get_weather', parameters } }],
    };
    const live = await client.chat.completions.stream(request).finalChatCompletion();
    const stored = await client.chat.completions.create(request);
    const [call] = stored.choices[0]?.message.tool_calls ?? [];
    expect(call).toMatchObject({ type: 'function', function: { name: 'get_weather' } });
    expect(live.choices[0]?.message.tool_calls).toMatchObject([call]);
    expect(await client.chat.completions.stream(request).finalChatCompletion()).toMatchObject({
      id: live.id,
    });
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('parses an answer in JSON, also from a stored stream', async () => {
    await using stage = await createStage();
    const client = clientOf(stage);
    const format = { type: 'json_schema' as const, json_schema: { name: 'tides', schema, strict: true } };
    const stream = client.chat.completions.stream({ ...chat, response_format: format });
    const live = JSON.parse((await stream.finalContent()) ?? '');
    expect(live).toEqual({ tides: expect.any(Array) });
    const again = await client.chat.completions.parse({ ...chat, response_format: format });
    expect(again.choices[0]?.message.parsed).toEqual(live);
    expect(stage.simulator.stats().requests).toBe(1);
  });
});

describe('openai: responses', () => {
  it('answers, streams from the stored body, and asks nobody the second time', async () => {
    await using stage = await createStage();
    const client = clientOf(stage);
    const { data, response } = await client.responses.create(ask).withResponse();
    expect(response.headers.get('x-cache')).toBe('MISS');
    expect(data.output_text).toContain('tide');
    const streamed = await client.responses.stream(ask).finalResponse();
    expect(streamed).toMatchObject({ id: data.id, output_text: data.output_text, usage: data.usage });
    const again = await client.responses.create(ask).withResponse();
    expect(again.response.headers.get('x-cache')).toBe('HIT');
    expect(again.data).toEqual(data);
    expect(stage.simulator.stats().requests).toBe(1);
    expect(stage.records.map(({ usage }) => usage?.outputTokens)).toEqual(
      Array(3).fill(data.usage?.output_tokens),
    );
  });

  it('streams, and answers from the stored stream', async () => {
    await using stage = await createStage();
    const client = clientOf(stage);
    const reasoning = { effort: 'low', summary: 'auto' } as const;
    const stream = client.responses.stream({ ...ask, reasoning });
    let text = '';
    const seen: number[] = [];
    for await (const event of stream) {
      seen.push(event.sequence_number);
      if (event.type === 'response.output_text.delta') text += event.delta;
    }
    expect(seen).toEqual([...seen.keys()]);
    const live = await stream.finalResponse();
    const stored = await client.responses.create({ ...ask, reasoning });
    expect(stored.output_text).toBe(text);
    expect(stored.output).toEqual(
      live.output.map((item) => expect.objectContaining({ id: item.id, type: item.type })),
    );
    expect(stored.output[0]).toMatchObject({ type: 'reasoning', summary: [{ type: 'summary_text' }] });
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('calls tools and parses JSON, in both shapes from one answer', async () => {
    await using stage = await createStage();
    const client = clientOf(stage);
    const live = await client.responses.stream({ ...forecast, tools }).finalResponse();
    const stored = await client.responses.parse({ ...forecast, tools });
    expect(stored.output[0]).toMatchObject({ type: 'function_call', name: 'get_weather' });
    expect(stored.output[0]).toMatchObject({ arguments: expect.stringContaining('city') });
    expect(live.output[0]).toMatchObject({
      id: stored.output[0]?.id,
      parsed_arguments: { city: expect.any(String) },
    });

    const text = { format: { type: 'json_schema' as const, name: 'tides', schema, strict: true } };
    const parsed = await client.responses.parse({ ...ask, text });
    expect(parsed.output_parsed).toEqual({ tides: expect.any(Array) });
    const streamed = await client.responses.stream({ ...ask, text }).finalResponse();
    expect(streamed.output_parsed).toEqual(parsed.output_parsed);
    expect(stage.simulator.stats().requests).toBe(2);
  });

  it('asks the provider each time where the provider keeps state', async () => {
    await using stage = await createStage();
    const client = clientOf(stage);
    const first = await client.responses.create(ask);
    for (let round = 0; round < 2; round++) {
      const next = await client.responses.create({ ...ask, previous_response_id: first.id }).withResponse();
      expect(next.response.headers.get('x-cache')).toBe('BYPASS');
    }
    expect(stage.simulator.stats().requests).toBe(3);
  });
});

describe('openai: embeddings', () => {
  it('embeds, and asks nobody the second time', async () => {
    await using stage = await createStage();
    const client = clientOf(stage);
    const request = { model: 'text-embedding-3-small', input: ['high tide', 'low tide'], dimensions: 8 };
    const first = await client.embeddings.create(request);
    const again = await client.embeddings.create({ ...request, user: 'someone' }).withResponse();
    expect(first.data.map(({ embedding }) => embedding.length)).toEqual([8, 8]);
    expect(again.data).toEqual(first);
    expect(again.response.headers.get('x-cache')).toBe('HIT');
    expect(stage.records.at(-1)).toMatchObject({ surface: 'embeddings', usage: { outputTokens: 0 } });
    const numbers = await client.embeddings.create({ ...request, encoding_format: 'float' });
    expect(numbers.data[0]?.embedding[0]).toBeCloseTo(first.data[0]?.embedding[0] ?? 0, 5);
    expect(stage.simulator.stats().requests).toBe(2);
  });

  it('stores no list that lacks a vector', async () => {
    await using stage = await createStage({}, { faults: ['empty-choices; times=1'] });
    const client = clientOf(stage);
    const request = { model: 'text-embedding-3-small', input: 'tide', encoding_format: 'float' as const };
    expect((await client.embeddings.create(request)).data).toEqual([]);
    expect((await client.embeddings.create(request)).data).toHaveLength(1);
  });
});

describe.each(['chat', 'responses', 'embeddings'] as const)('openai: errors of %s', (surface) => {
  const run = async (client: OpenAI, model = 'gpt-4o-mini'): Promise<unknown> => {
    if (surface === 'chat') return client.chat.completions.create({ ...chat, model });
    if (surface === 'responses') return client.responses.create({ ...ask, model });
    return client.embeddings.create({ model, input: 'tide' });
  };

  it('are typed by the SDK: 401, 404, 429 after the retries, 500', async () => {
    await using stage = await createStage({ maxRetries: 1 }, { apiKeys: ['k'], strictModels: true });
    const { simulator } = stage;
    await expect(run(clientOf(stage, { apiKey: 'other' }))).rejects.toBeInstanceOf(
      OpenAI.AuthenticationError,
    );
    await expect(run(clientOf(stage), 'none')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
    simulator.setFaults('status=429; retry-after=1; retry-after-style=ms');
    simulator.resetStats();
    await expect(run(clientOf(stage))).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    expect(simulator.stats().requests).toBe(2);
    // Another model: this one has just been told to slow down.
    simulator.setFaults('status=500');
    simulator.resetStats();
    await expect(run(clientOf(stage), 'gpt-4o')).rejects.toBeInstanceOf(OpenAI.InternalServerError);
    expect(simulator.stats().requests).toBe(2);
  });

  it('tell an unreachable server as a failed connection', async () => {
    await using stage = await createStage({ maxRetries: 0 });
    const away = clientOf(stage, { baseURL: 'http://127.0.0.1:9/v1', maxRetries: 0 });
    const error = await run(away).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OpenAI.APIConnectionError);
    expect(error).toMatchObject({ cause: { cause: { code: 'AI_UNREACHABLE' } } });
  });

  it('tell a silent server as a timeout of the gateway, and wait for it once', async () => {
    await using stage = await createStage({ idleTimeoutMs: 50 }, { faults: ['hang'] });
    const error = await run(clientOf(stage)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error).toMatchObject({ status: 504, code: 'AI_TIMEOUT' });
    expect(stage.records).toHaveLength(1);
  });

  it('tell our own errors in the words of the wire format', async () => {
    await using stage = await createStage();
    const error = await run(clientOf(stage, { defaultHeaders: { 'cache-control': 'only-if-cached' } })).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(OpenAI.InternalServerError);
    expect(error).toMatchObject({
      status: 504,
      code: 'AI_NOT_CACHED',
      requestID: stage.records[0]?.requestId,
    });
  });

  it('pass an abort on', async () => {
    await using stage = await createStage({}, { faults: ['delay=60000'] });
    const leaving = new AbortController();
    const client = clientOf(stage);
    const options = { signal: leaving.signal };
    const waiting =
      surface === 'chat'
        ? client.chat.completions.create(chat, options)
        : surface === 'responses'
          ? client.responses.create(ask, options)
          : client.embeddings.create({ model: 'm', input: 'tide' }, options);
    const outcome = expect(waiting).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(1);
    leaving.abort();
    await outcome;
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(0);
    expect(stage.pipeline.stats()).toEqual({ openCalls: 0, sharedFlights: 0 });
  });
});

describe('openai: broken streams', () => {
  it('never end like whole ones, and are not stored', async () => {
    await using stage = await createStage({ maxRetries: 0 });
    const client = clientOf(stage, { maxRetries: 0 });
    for (const fault of ['cut-after=6', 'end-after=6', 'error-after=6']) {
      stage.simulator.setFaults(fault);
      await expect(client.responses.stream(ask).finalResponse(), fault).rejects.toThrow();
      await expect(client.chat.completions.stream(chat).finalChatCompletion(), fault).rejects.toThrow();
    }
    stage.simulator.clearFaults();
    stage.simulator.resetStats();
    await client.responses.stream(ask).finalResponse();
    await client.chat.completions.stream(chat).finalChatCompletion();
    expect(stage.simulator.stats().requests).toBe(2);
  });

  it('give an error frame in the type of the SDK', async () => {
    await using stage = await createStage({ maxRetries: 0 }, { faults: ['error-after=6'] });
    const client = clientOf(stage);
    const read = async (): Promise<void> => {
      for await (const _event of await client.responses.create({ ...ask, stream: true }));
    };
    await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError);
  });

  it('end at the provider when the reader leaves', async () => {
    await using stage = await createStage({}, { faults: ['chunk-delay=20'] });
    for await (const _event of await clientOf(stage).responses.create({ ...ask, stream: true })) break;
    await expect.poll(() => stage.simulator.stats().abortedStreams).toBe(1);
    await expect.poll(() => stage.pipeline.stats().openCalls).toBe(0);
  });
});
