import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { bench, payloads, WEATHER_PARAMETERS } from '../support.js';

const HELLO = { model: 'gpt-5', input: 'say hello' };
const WEATHER = {
  model: 'gpt-5',
  input: 'What is the weather in Paris and London, in celsius?',
  tools: [{ type: 'function' as const, name: 'get_weather', parameters: WEATHER_PARAMETERS, strict: true }],
};

async function rawStream(openai: OpenAI, body: object): Promise<Record<string, unknown>[]> {
  const response = await openai.responses.create({ ...HELLO, ...body, stream: true }).asResponse();
  return payloads(await response.text());
}

describe('responses through the official client', () => {
  it('gives the same answer and usage streamed and not', async () => {
    await using b = await bench();
    const whole = await b.openai.responses.create(HELLO);
    const live = await b.openai.responses.stream(HELLO).finalResponse();
    expect(whole).toMatchObject({
      object: 'response',
      status: 'completed',
      error: null,
      incomplete_details: null,
    });
    expect(whole.output_text).toMatch(/^Simulated answer: hello!/);
    expect(live.output_text).toBe(whole.output_text);
    expect(live.usage).toEqual(whole.usage);
  });

  it('sends the events of the real API in their order, numbered', async () => {
    await using b = await bench();
    const events = await rawStream(b.openai, {});
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual(events.map((_, index) => index));
    const names = events.map(({ type }) => type);
    expect(names.filter((name, index) => name !== names[index - 1])).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
  });

  it('calls functions, streamed and not, and answers in text after their outputs', async () => {
    await using b = await bench();
    const whole = await b.openai.responses.create(WEATHER);
    const live = await b.openai.responses.stream(WEATHER).finalResponse();
    for (const { output } of [whole, live])
      expect(output.map((item) => item.type === 'function_call' && JSON.parse(item.arguments))).toEqual([
        { city: 'Paris', unit: 'celsius' },
        { city: 'London', unit: 'celsius' },
      ]);
    const outputs = whole.output.map((item) => ({
      type: 'function_call_output' as const,
      call_id: item.type === 'function_call' ? item.call_id : '',
      output: 'sunny, 21 degrees',
    }));
    const input = [
      { role: 'user' as const, content: WEATHER.input },
      ...whole.output,
      ...outputs,
    ] as OpenAI.Responses.ResponseInput;
    expect((await b.openai.responses.create({ ...WEATHER, input })).output_text).toContain(
      'sunny, 21 degrees',
    );
  });

  it('calls custom tools with free text', async () => {
    await using b = await bench();
    const body = {
      ...HELLO,
      input: 'Run the query tool for whales',
      tools: [{ type: 'custom' as const, name: 'query' }],
    };
    const whole = await b.openai.responses.create(body);
    expect(whole.output[0]).toMatchObject({
      type: 'custom_tool_call',
      name: 'query',
      input: expect.stringMatching(/\w/),
    });
    const types = (await rawStream(b.openai, body)).map(({ type }) => type);
    expect(types).toContain('response.custom_tool_call_input.done');
  });

  it('reasons, with a summary only when asked for one', async () => {
    await using b = await bench();
    const hidden = await b.openai.responses.create({ ...HELLO, reasoning: { effort: 'low' } });
    expect(hidden.output.map(({ type }) => type)).toEqual(['reasoning', 'message']);
    expect(hidden.output[0]).toMatchObject({ summary: [] });
    expect(hidden.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(5);
    const body = {
      ...HELLO,
      reasoning: { effort: 'low' as const, summary: 'auto' as const },
      include: ['reasoning.encrypted_content' as const],
    };
    const shown = await b.openai.responses.create(body);
    expect(shown.output[0]).toMatchObject({
      summary: [{ text: expect.stringContaining('Simulated reasoning') }],
      encrypted_content: expect.any(String),
    });
    const live = await b.openai.responses.stream(body).finalResponse();
    expect(live.output[0]).toMatchObject({
      summary: [{ text: expect.stringContaining('Simulated reasoning') }],
    });
    expect(live.usage).toEqual(shown.usage);
  });

  it('is incomplete at max_output_tokens and under a content filter', async () => {
    await using b = await bench();
    const body = { ...HELLO, max_output_tokens: 4 };
    expect(await b.openai.responses.create(body)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      usage: { output_tokens: 4 },
    });
    expect((await rawStream(b.openai, body)).at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { status: 'incomplete' },
    });
    b.simulator.setFaults('content-filter');
    expect(await b.openai.responses.create(HELLO)).toMatchObject({
      incomplete_details: { reason: 'content_filter' },
    });
  });

  it('refuses, fills schemas and gives log probabilities', async () => {
    await using b = await bench();
    const refused = await b.openai.responses.create(HELLO, { headers: { 'x-simulator-answer': 'refusal' } });
    expect(refused.output[0]).toMatchObject({ content: [{ type: 'refusal' }] });
    const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
    const filled = await b.openai.responses.create({
      model: 'gpt-5',
      input: WEATHER.input,
      text: { format: { type: 'json_schema', name: 'place', schema } },
    });
    expect(JSON.parse(filled.output_text)).toEqual({ city: expect.stringMatching(/^(Paris|London)$/) });
    const likely = await b.openai.responses.create({
      ...HELLO,
      include: ['message.output_text.logprobs'],
      top_logprobs: 1,
    });
    expect(likely.output[0]).toMatchObject({
      content: [{ logprobs: expect.arrayContaining([expect.objectContaining({ token: 'Simu' })]) }],
    });
  });

  it('errors as the client types them, before and inside a stream', async () => {
    await using b = await bench();
    b.simulator.setFaults('error=insufficient_quota');
    const before = await b.openai.responses.create(HELLO).catch((caught: unknown) => caught);
    expect(before).toBeInstanceOf(OpenAI.RateLimitError);
    expect(before).toMatchObject({ code: 'insufficient_quota', type: 'insufficient_quota' });
    b.simulator.setFaults('error-after=3');
    const events = await rawStream(b.openai, {});
    expect(events.at(-1)).toMatchObject({ type: 'error', sequence_number: 3, code: 'server_error' });
    const inside = await b.openai.responses
      .stream(HELLO)
      .finalResponse()
      .catch((caught: unknown) => caught);
    expect(inside).toBeInstanceOf(OpenAI.OpenAIError);
  });
});
