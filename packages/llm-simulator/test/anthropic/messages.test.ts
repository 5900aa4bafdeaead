import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { bench, WEATHER_PARAMETERS } from '../support.js';

const HELLO = {
  model: 'claude-sonnet-5-5',
  max_tokens: 4_096,
  messages: [{ role: 'user' as const, content: 'say hello' }],
};
const WEATHER = {
  ...HELLO,
  messages: [{ role: 'user' as const, content: 'What is the weather in Paris and London, in celsius?' }],
  tools: [{ name: 'get_weather', input_schema: { ...WEATHER_PARAMETERS, type: 'object' as const } }],
};

describe('messages through the official client', () => {
  it('gives the same answer and usage streamed and not', async () => {
    await using b = await bench();
    const whole = await b.anthropic.messages.create(HELLO);
    const live = await b.anthropic.messages.stream(HELLO).finalMessage();
    expect(whole).toMatchObject({
      type: 'message',
      role: 'assistant',
      stop_reason: 'end_turn',
      stop_sequence: null,
    });
    expect(whole.content[0]).toMatchObject({
      type: 'text',
      text: expect.stringMatching(/^Simulated answer: hello!/),
    });
    expect(live.content).toEqual(whole.content);
    expect(live.usage).toMatchObject({
      input_tokens: whole.usage.input_tokens,
      output_tokens: whole.usage.output_tokens,
    });
  });

  it('sends the events in the order of the real API', async () => {
    await using b = await bench();
    const response = await b.anthropic.messages.create({ ...HELLO, stream: true }).asResponse();
    expect(response.headers.get('request-id')).toMatch(/^req_/);
    const names = [...(await response.text()).matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
    expect(names.filter((name, index) => name !== names[index - 1])).toEqual([
      'message_start',
      'content_block_start',
      'ping',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
  });

  it('calls tools, streamed and not, and answers in text after their results', async () => {
    await using b = await bench();
    const whole = await b.anthropic.messages.create(WEATHER);
    const live = await b.anthropic.messages.stream(WEATHER).finalMessage();
    for (const message of [whole, live]) {
      expect(message.stop_reason).toBe('tool_use');
      expect(message.content.map((block) => block.type === 'tool_use' && block.input)).toEqual([
        { city: 'Paris', unit: 'celsius' },
        { city: 'London', unit: 'celsius' },
      ]);
    }
    const results = whole.content.map((block) => ({
      type: 'tool_result' as const,
      tool_use_id: block.type === 'tool_use' ? block.id : '',
      content: 'sunny, 21 degrees',
    }));
    const answer = await b.anthropic.messages.create({
      ...WEATHER,
      messages: [
        ...WEATHER.messages,
        { role: 'assistant', content: whole.content },
        { role: 'user', content: results },
      ],
    });
    expect(answer.content[0]).toMatchObject({
      type: 'text',
      text: expect.stringContaining('sunny, 21 degrees'),
    });
  });

  it('obeys tool_choice', async () => {
    await using b = await bench();
    const count = async (tool_choice: Anthropic.ToolChoice) =>
      (await b.anthropic.messages.create({ ...WEATHER, tool_choice })).content.filter(
        (block) => block.type === 'tool_use',
      ).length;
    expect(await count({ type: 'none' })).toBe(0);
    expect(await count({ type: 'any', disable_parallel_tool_use: true })).toBe(1);
    expect(await count({ type: 'tool', name: 'get_weather' })).toBe(1);
  });

  it('thinks first when thinking is enabled', async () => {
    await using b = await bench();
    const body = { ...HELLO, thinking: { type: 'enabled' as const, budget_tokens: 1_024 } };
    const whole = await b.anthropic.messages.create(body);
    expect(whole.content.map(({ type }) => type)).toEqual(['thinking', 'text']);
    expect(whole.content[0]).toMatchObject({ signature: expect.stringMatching(/.{20}/) });
    expect((await b.anthropic.messages.stream(body).finalMessage()).content).toEqual(whole.content);
    const error = await b.anthropic.messages
      .create({ ...body, max_tokens: 1_000 })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Anthropic.BadRequestError);
  });

  it('ends at max_tokens, at a stop sequence, or with a refusal', async () => {
    await using b = await bench();
    expect(await b.anthropic.messages.create({ ...HELLO, max_tokens: 3 })).toMatchObject({
      stop_reason: 'max_tokens',
      usage: { output_tokens: 3 },
    });
    expect(
      await b.anthropic.messages.create({ ...HELLO, stop_sequences: ['nowhere', 'hello'] }),
    ).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: 'hello',
      content: [{ text: 'Simulated answer: ' }],
    });
    const refused = await b.anthropic.messages.create(HELLO, {
      headers: { 'x-simulator-answer': 'refusal' },
    });
    expect(refused.stop_reason).toBe('refusal');
  });

  it('fills a JSON schema', async () => {
    await using b = await bench();
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };
    const message = await b.anthropic.messages.create({
      ...WEATHER,
      tools: [],
      output_config: { format: { type: 'json_schema', schema } },
    });
    expect(message.content[0]?.type === 'text' && JSON.parse(message.content[0].text)).toEqual({
      city: expect.stringMatching(/^(Paris|London)$/),
    });
  });

  it('writes marked prefixes to the prompt cache, then reads them, and bills them apart', async () => {
    await using b = await bench();
    const system = [
      { type: 'text' as const, text: 'rules '.repeat(1_000), cache_control: { type: 'ephemeral' as const } },
    ];
    const first = await b.anthropic.messages.create({ ...HELLO, system });
    const second = await b.anthropic.messages.create({
      ...HELLO,
      system,
      messages: [{ role: 'user', content: 'something else' }],
    });
    expect(first.usage).toMatchObject({
      cache_creation_input_tokens: 1_500,
      cache_read_input_tokens: 0,
      input_tokens: 7,
    });
    expect(second.usage).toMatchObject({
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 1_500,
      input_tokens: 8,
    });
    expect(b.simulator.stats().tokens).toMatchObject({ input: 3_015, cachedInput: 1_500 });
  });

  it('counts tokens as it bills them, for nothing', async () => {
    await using b = await bench();
    const { model, messages } = HELLO;
    expect(await b.anthropic.messages.countTokens({ model, messages })).toEqual({ input_tokens: 7 });
    expect(b.simulator.stats().tokens.input).toBe(0);
  });
});

describe('errors as the official client types them', () => {
  it('401, 404 and 400', async () => {
    await using b = await bench({ apiKeys: ['right'], strictModels: true });
    const wrong = await b.anthropic.messages.create(HELLO).catch((caught: unknown) => caught);
    expect(wrong).toBeInstanceOf(Anthropic.AuthenticationError);
    expect(wrong).toMatchObject({ type: 'authentication_error' });
    const client = new Anthropic({ baseURL: b.simulator.anthropicBaseUrl, apiKey: 'right', maxRetries: 0 });
    const unknown = await client.messages
      .create({ ...HELLO, model: 'claude-none' })
      .catch((caught: unknown) => caught);
    expect(unknown).toBeInstanceOf(Anthropic.NotFoundError);
    expect(unknown).toMatchObject({ error: { type: 'error', error: { type: 'not_found_error' } } });
    const empty = await client.messages.create({ ...HELLO, messages: [] }).catch((caught: unknown) => caught);
    expect(empty).toBeInstanceOf(Anthropic.BadRequestError);
  });

  it('insists on the version header, as the real API does', async () => {
    await using b = await bench();
    const response = await fetch(`${b.simulator.url}/v1/messages`, {
      method: 'POST',
      body: JSON.stringify(HELLO),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      type: 'error',
      error: { message: expect.stringContaining('anthropic-version') },
    });
  });

  it('529 overloaded, before and inside a stream', async () => {
    await using b = await bench();
    b.simulator.setFaults({ error: 'overloaded_error' });
    const before = await b.anthropic.messages.create(HELLO).catch((caught: unknown) => caught);
    expect(before).toBeInstanceOf(Anthropic.InternalServerError);
    expect(before).toMatchObject({ status: 529, type: 'overloaded_error' });
    b.simulator.setFaults('error-after=4');
    const inside = await b.anthropic.messages
      .stream(HELLO)
      .finalMessage()
      .catch((caught: unknown) => caught);
    expect(inside).toBeInstanceOf(Anthropic.APIError);
    expect(inside).toMatchObject({ type: 'overloaded_error' });
  });
});
