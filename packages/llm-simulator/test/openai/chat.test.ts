import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { bench, payloads, WEATHER_PARAMETERS } from '../support.js';

const HELLO = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'say hello' }] };
const WEATHER = {
  model: 'gpt-4o',
  messages: [{ role: 'user' as const, content: 'What is the weather in Paris and London, in celsius?' }],
  tools: [{ type: 'function' as const, function: { name: 'get_weather', parameters: WEATHER_PARAMETERS } }],
};

async function streamed(openai: OpenAI, body: OpenAI.ChatCompletionCreateParamsNonStreaming) {
  const stream = openai.chat.completions.stream({
    ...body,
    stream: true,
    stream_options: { include_usage: true },
  });
  return stream.finalChatCompletion();
}

describe('chat completions through the official client', () => {
  it('answers a small question in a sentence that says it is simulated', async () => {
    await using b = await bench();
    const { choices, usage, object } = await b.openai.chat.completions.create(HELLO);
    expect(object).toBe('chat.completion');
    expect(choices[0]?.message.content).toMatch(/^Simulated answer: hello!.*say hello/);
    expect(choices[0]?.finish_reason).toBe('stop');
    expect(usage).toMatchObject({
      prompt_tokens: 7,
      completion_tokens: Math.ceil((choices[0]?.message.content ?? '').length / 4),
    });
  });

  it('gives the same text and usage streamed and not, and on a second call', async () => {
    await using b = await bench();
    const whole = await b.openai.chat.completions.create(HELLO);
    const again = await b.openai.chat.completions.create(HELLO);
    const live = await streamed(b.openai, HELLO);
    expect(again.id).not.toBe(whole.id);
    expect(again.choices).toEqual(whole.choices);
    expect(live.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect(live.usage).toEqual(whole.usage);
  });

  it('gives other answers to other prompts, parameters and seeds', async () => {
    await using b = await bench();
    await using other = await bench({ seed: 7 });
    const ask = async (from: OpenAI, more: object) =>
      (
        await from.chat.completions.create({
          ...HELLO,
          messages: [
            { role: 'user', content: 'Tell me about lighthouses, harbours, tides, ropes and whales' },
          ],
          ...more,
        })
      ).choices[0]?.message.content;
    const answers = await Promise.all([
      ...[0, 0.1, 0.2, 0.3, 0.4, 0.5].map((temperature) => ask(b.openai, { temperature })),
      ...[0, 0.1, 0.2, 0.3, 0.4, 0.5].map((temperature) => ask(other.openai, { temperature })),
    ]);
    expect(new Set(answers).size).toBeGreaterThan(4);
    expect(await ask(b.openai, { user: 'somebody' })).toBe(await ask(b.openai, { user: 'else' }));
  });

  it('calls tools with arguments made from the schema, several at once, streamed and not', async () => {
    await using b = await bench();
    const whole = await b.openai.chat.completions.create(WEATHER);
    const live = await streamed(b.openai, WEATHER);
    for (const { choices } of [whole, live]) {
      expect(choices[0]?.finish_reason).toBe('tool_calls');
      const calls = choices[0]?.message.tool_calls ?? [];
      expect(calls.map((call) => call.type === 'function' && JSON.parse(call.function.arguments))).toEqual([
        { city: 'Paris', unit: 'celsius' },
        { city: 'London', unit: 'celsius' },
      ]);
      expect(new Set(calls.map((call) => call.id)).size).toBe(2);
    }
  });

  it('splits streamed arguments over several chunks', async () => {
    await using b = await bench();
    const stream = await b.openai.chat.completions.create({ ...WEATHER, stream: true });
    let fragments = 0;
    for await (const chunk of stream)
      fragments += chunk.choices[0]?.delta.tool_calls?.[0]?.function?.arguments ? 1 : 0;
    expect(fragments).toBeGreaterThan(2);
  });

  it('obeys tool_choice and parallel_tool_calls', async () => {
    await using b = await bench();
    const calls = async (more: object) =>
      (await b.openai.chat.completions.create({ ...WEATHER, ...more })).choices[0]?.message.tool_calls
        ?.length ?? 0;
    expect(await calls({ tool_choice: 'none' })).toBe(0);
    expect(await calls({ parallel_tool_calls: false })).toBe(1);
    expect(await calls({ messages: HELLO.messages })).toBe(0);
    expect(await calls({ messages: HELLO.messages, tool_choice: 'required' })).toBe(1);
    expect(
      await calls({
        messages: HELLO.messages,
        tool_choice: { type: 'function', function: { name: 'get_weather' } },
      }),
    ).toBe(1);
  });

  it('answers in text after a tool result, so that the client can run tools to the end', async () => {
    await using b = await bench();
    const asked: unknown[] = [];
    const runner = b.openai.chat.completions.runTools({
      model: 'gpt-4o',
      messages: WEATHER.messages,
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            description: 'The weather in a city',
            parameters: WEATHER_PARAMETERS,
            parse: JSON.parse,
            function: (input: unknown) => {
              asked.push(input);
              return 'sunny, 21 degrees';
            },
          },
        },
      ],
    });
    expect(await runner.finalContent()).toContain('sunny, 21 degrees');
    expect(asked).toHaveLength(2);
  });

  it('fills a JSON schema, streamed and not', async () => {
    await using b = await bench();
    const body = {
      model: 'gpt-4o',
      messages: [{ role: 'user' as const, content: 'Name two lighthouses near Brest and Plymouth' }],
      response_format: {
        type: 'json_schema' as const,
        json_schema: {
          name: 'lighthouses',
          strict: true,
          schema: {
            type: 'object',
            properties: {
              list: { type: 'array', minItems: 2, items: { $ref: '#/$defs/lighthouse' } },
              kind: { enum: ['near', 'far'] },
              note: { type: ['string', 'null'], maxLength: 10 },
            },
            required: ['list', 'kind', 'note'],
            $defs: {
              lighthouse: {
                type: 'object',
                properties: { name: { type: 'string' }, height: { type: 'number', minimum: 5, maximum: 90 } },
                required: ['name', 'height'],
              },
            },
          },
        },
      },
    };
    const whole = JSON.parse(
      (await b.openai.chat.completions.create(body)).choices[0]?.message.content ?? '',
    );
    expect(whole.list.length).toBeGreaterThanOrEqual(2);
    for (const item of whole.list) {
      expect(item.name).toBeTypeOf('string');
      expect(item.height).toBeGreaterThanOrEqual(5);
      expect(item.height).toBeLessThanOrEqual(90);
    }
    expect(whole.note.length).toBeLessThanOrEqual(10);
    expect(JSON.parse((await streamed(b.openai, body)).choices[0]?.message.content ?? '')).toEqual(whole);
  });

  it('answers json_object with JSON', async () => {
    await using b = await bench();
    const { choices } = await b.openai.chat.completions.create({
      ...HELLO,
      response_format: { type: 'json_object' },
    });
    expect(JSON.parse(choices[0]?.message.content ?? '')).toMatchObject({ simulated: true });
  });

  it('gives n different choices, interleaved when streamed', async () => {
    await using b = await bench();
    const body = {
      ...HELLO,
      messages: [{ role: 'user' as const, content: 'Tell me about harbours, ropes, whales and storms' }],
      n: 4,
    };
    const whole = await b.openai.chat.completions.create(body);
    expect(whole.choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(new Set(whole.choices.map(({ message }) => message.content)).size).toBeGreaterThan(1);
    const live = await streamed(b.openai, body);
    expect(live.choices.map(({ message }) => message.content)).toEqual(
      whole.choices.map(({ message }) => message.content),
    );
    expect(live.usage).toEqual(whole.usage);
  });

  it('gives log probabilities that do not depend on streaming', async () => {
    await using b = await bench();
    const body = { ...HELLO, logprobs: true, top_logprobs: 2 };
    const whole = (await b.openai.chat.completions.create(body)).choices[0];
    const live = (await streamed(b.openai, body)).choices[0];
    expect(whole?.logprobs?.content?.map(({ token }) => token).join('')).toBe(whole?.message.content);
    expect(whole?.logprobs?.content?.[0]?.top_logprobs).toHaveLength(2);
    expect(live?.logprobs?.content).toEqual(whole?.logprobs?.content);
  });

  it('reasons when asked, and counts it', async () => {
    await using b = await bench();
    const body = { ...HELLO, reasoning_effort: 'low' as const };
    const { choices, usage } = await b.openai.chat.completions.create(body);
    expect(choices[0]?.message).toHaveProperty(
      'reasoning_content',
      expect.stringContaining('Simulated reasoning'),
    );
    expect(usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(5);
    const chunks = payloads(await (await b.chat({ ...body, stream: true })).text());
    expect(JSON.stringify(chunks)).toContain('reasoning_content');
  });

  it('refuses on demand', async () => {
    await using b = await bench();
    const body = {
      ...HELLO,
      messages: [{ role: 'user' as const, content: 'x [simulator-answer: refusal]' }],
    };
    const { choices } = await b.openai.chat.completions.create(body);
    expect(choices[0]?.message).toMatchObject({
      content: null,
      refusal: expect.stringContaining("can't help"),
    });
    expect((await streamed(b.openai, body)).choices[0]?.message.refusal).toBe(choices[0]?.message.refusal);
  });

  it('cuts at max tokens and at stop sequences, the rest being the same text', async () => {
    await using b = await bench();
    const full = (await b.openai.chat.completions.create(HELLO)).choices[0]?.message.content ?? '';
    const short = await b.openai.chat.completions.create({ ...HELLO, max_completion_tokens: 5 });
    expect(short.choices[0]).toMatchObject({
      finish_reason: 'length',
      message: { content: full.slice(0, 20) },
    });
    expect(short.usage?.completion_tokens).toBe(5);
    const stopped = await b.openai.chat.completions.create({ ...HELLO, stop: ['hello'] });
    expect(stopped.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'Simulated answer: ' },
    });
  });

  it('reports prompt tokens read from the prompt cache the second time', async () => {
    await using b = await bench();
    const body = {
      ...HELLO,
      messages: [{ role: 'system' as const, content: 'rules '.repeat(1_500) }, ...HELLO.messages],
    };
    const first = await b.openai.chat.completions.create(body);
    const second = await b.openai.chat.completions.create({
      ...body,
      messages: [...body.messages, { role: 'user', content: 'and more' }],
    });
    expect(first.usage?.prompt_tokens_details?.cached_tokens).toBe(0);
    expect(second.usage?.prompt_tokens_details?.cached_tokens).toBeGreaterThanOrEqual(1_024);
    const asked = await b.openai.chat.completions.create(HELLO, {
      headers: { 'x-simulator-answer': 'cached=3' },
    });
    expect(asked.usage?.prompt_tokens_details?.cached_tokens).toBe(3);
  });

  it('sends a request id and no usage unless asked', async () => {
    await using b = await bench();
    const response = await b.chat({ stream: true });
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    expect(response.headers.get('content-type')).toMatch('text/event-stream');
    const text = await response.text();
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(text).not.toContain('usage');
  });
});

describe('errors as the official client types them', () => {
  it('401 for a wrong key, only when keys are enforced', async () => {
    await using b = await bench({ apiKeys: ['right'] });
    const error = await b.openai.chat.completions.create(HELLO).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
    expect(error).toMatchObject({ status: 401, code: 'invalid_api_key', type: 'invalid_request_error' });
    const right = new OpenAI({ baseURL: b.simulator.openaiBaseUrl, apiKey: 'right' });
    expect((await right.chat.completions.create(HELLO)).object).toBe('chat.completion');
  });

  it('404 for an unknown model, only when models are strict', async () => {
    await using b = await bench({ strictModels: true });
    const error = await b.openai.chat.completions
      .create({ ...HELLO, model: 'nope' })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found' });
  });

  it.each([
    [{ messages: undefined }, 'messages'],
    [{ messages: [] }, 'messages'],
    [{ messages: [{ role: 'user', content: 'x' }], model: undefined }, 'model'],
    [{ messages: [{ role: 'wizard', content: 'x' }] }, 'messages[0].role'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ temperature: 3 }, 'temperature'],
    [{ n: 1.5 }, 'n'],
    [{ response_format: { type: 'yaml' } }, 'response_format.type'],
  ])('400 for %j', async (more, param) => {
    await using b = await bench();
    const response = await b.chat(more);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', param } });
  });

  it('400 for no JSON, 404 and 405 for wrong routes, 413 for too much', async () => {
    await using b = await bench({ maxBodyBytes: 2_000 });
    const { openaiBaseUrl } = b.simulator;
    const post = (path: string, body: string) => fetch(openaiBaseUrl + path, { method: 'POST', body });
    expect((await post('/chat/completions', '{"model"')).status).toBe(400);
    expect((await post('/chat/completions', '[]')).status).toBe(400);
    expect((await post('/nothing', '{}')).status).toBe(404);
    expect((await fetch(`${openaiBaseUrl}/chat/completions`)).status).toBe(405);
    const large = await post('/chat/completions', JSON.stringify({ text: 'x'.repeat(3_000) }));
    expect(large.status).toBe(413);
    expect(await large.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });
});
