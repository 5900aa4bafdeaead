import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import OpenAI from 'openai';
import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { translatingFetch } from './support/translating-fetch.js';

const model = 'claude-opus-5';
const question: ChatCompletionMessageParam = { role: 'user', content: 'What is the weather in Oslo?' };
const tools: OpenAI.ChatCompletionTool[] = [
  {
    type: 'function',
    function: {
      name: 'get_weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
];

describe("OpenAI's SDK in front of a server that speaks messages", () => {
  let simulator: Simulator;
  let client: OpenAI;

  beforeAll(async () => {
    simulator = await createSimulator();
    const fetch = translatingFetch(`${simulator.anthropicBaseUrl}/v1/messages`);
    client = new OpenAI({ apiKey: 'k', baseURL: 'http://translated.test/v1', maxRetries: 0, fetch });
  });
  afterAll(() => simulator.close());
  beforeEach(() => simulator.setFaults());

  it('gets the same answer, streamed or not, with its usage', async () => {
    const request = { model, messages: [question], reasoning_effort: 'low' as const };
    const whole = await client.chat.completions.create(request);
    const stream = client.chat.completions.stream({ ...request, stream_options: { include_usage: true } });
    const streamed = await stream.finalChatCompletion();
    expect(whole.choices[0]?.message.content).toMatch(/simulated/i);
    expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect(streamed.choices[0]?.finish_reason).toBe('stop');
    expect(streamed.usage).toMatchObject({
      prompt_tokens: whole.usage?.prompt_tokens,
      completion_tokens: whole.usage?.completion_tokens,
    });
  });

  it('calls a tool and goes on with its result, signed thinking included', async () => {
    const request = { model, tools, tool_choice: 'required', reasoning_effort: 'high' } as const;
    const first = await client.chat.completions.create({ ...request, messages: [question] });
    const answer = first.choices[0]?.message;
    const call = answer?.tool_calls?.[0];
    if (answer === undefined || call?.type !== 'function') throw new Error('no call');
    expect(first.choices[0]?.finish_reason).toBe('tool_calls');
    expect(JSON.parse(call.function.arguments)).toHaveProperty('city');

    const result = { role: 'tool', tool_call_id: call.id, content: 'rain' } as const;
    const second = await client.chat.completions.create({
      ...request,
      tool_choice: 'auto',
      messages: [question, answer, result],
    });
    expect(second.choices[0]?.message.content).toBeTruthy();
    const sent = simulator.requests().at(-1)?.body as {
      messages: { role: string; content: { type: string }[] }[];
    };
    expect(sent.messages.map(({ role, content }) => [role, content.map(({ type }) => type)])).toEqual([
      ['user', ['text']],
      ['assistant', ['thinking', 'tool_use']],
      ['user', ['tool_result']],
    ]);
    expect(sent.messages[1]?.content[0]).toHaveProperty('signature');
  });

  it('gets an answer that keeps to a schema', async () => {
    const schema = {
      type: 'object',
      properties: { city: { type: 'string' } },
      required: ['city'],
      additionalProperties: false,
    };
    const { data, response } = await client.chat.completions
      .create({
        model,
        messages: [question],
        seed: 7,
        response_format: { type: 'json_schema', json_schema: { name: 'place', strict: true, schema } },
      })
      .withResponse();
    expect(JSON.parse(data.choices[0]?.message.content ?? '')).toHaveProperty('city');
    expect(response.headers.get('x-ai-toolkit-translation')).toBe('seed=omitted');
  });

  it.each([
    ['status=429', OpenAI.RateLimitError, 429],
    ['status=401', OpenAI.AuthenticationError, 401],
    ['status=529', OpenAI.InternalServerError, 503],
    ['status=404', OpenAI.NotFoundError, 404],
  ])('types the error of %s as of OpenAI', async (fault, kind, status) => {
    simulator.setFaults(fault);
    const failure: unknown = await client.chat.completions
      .create({ model, messages: [question] })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(kind);
    expect(failure).toMatchObject({ status });
  });

  it('is told of a field that cannot be translated', async () => {
    const failure: unknown = await client.chat.completions
      .create({ model, messages: [question], n: 2 })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OpenAI.BadRequestError);
    expect(failure).toMatchObject({
      code: 'AI_REQUEST_INVALID',
      message: expect.stringMatching(/n cannot .*: a request has one answer\. Ask as often/),
    });
  });

  it('sees an error inside the stream as one', async () => {
    simulator.setFaults('error-after=2');
    const stream = await client.chat.completions.create({ model, messages: [question], stream: true });
    const read = async (): Promise<void> => {
      for await (const _chunk of stream);
    };
    await expect(read()).rejects.toBeInstanceOf(OpenAI.APIError);
  });
});
