import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParityStage, errorOf, type ParityStage, type Place } from '../support/parity.js';

let stage: ParityStage;
beforeAll(async () => {
  stage = await createParityStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const asked = {
  model: 'claude-haiku-5-5',
  max_tokens: 500,
  messages: [{ role: 'user' as const, content: 'Name three tides, and why they come.' }],
};
const tools = [
  {
    name: 'get_weather',
    input_schema: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] },
  },
];

function clientOf({ anthropic: baseURL, apiKey }: Place): Anthropic {
  return new Anthropic({ baseURL, apiKey, maxRetries: 0 });
}

describe('the SDK of Anthropic, pointed at the server', () => {
  it('gets the messages that the provider gives, whole and streamed', async () => {
    await stage.same((place) => clientOf(place).messages.create(asked));
    await stage.same((place) =>
      clientOf(place)
        .messages.stream({ ...asked, temperature: 0.5 })
        .finalMessage(),
    );
    await stage.same(async (place) => {
      const events: unknown[] = [];
      const body = { ...asked, temperature: 0.25, stream: true as const };
      for await (const event of await clientOf(place).messages.create(body)) events.push(event);
      return events;
    });
  });

  it('calls tools, counts tokens and lists models', async () => {
    const question = [{ role: 'user' as const, content: 'What is the weather in Paris?' }];
    await stage.same((place) => clientOf(place).messages.create({ ...asked, messages: question, tools }));
    const { model, messages } = asked;
    await stage.same((place) => clientOf(place).messages.countTokens({ model, messages }));
    const listed = await stage.same(async (place) => {
      const ids: string[] = [];
      for await (const { id } of clientOf(place).models.list()) if (id.startsWith('claude')) ids.push(id);
      return ids.sort();
    });
    expect(listed).toContain(model);
  });

  it('gets errors of the same class and with the same words', async () => {
    const failing = (body: Record<string, unknown>): Promise<unknown> =>
      stage.same((place) => errorOf(clientOf(place).messages.create({ ...asked, ...body } as never)));
    expect(await failing({ model: 'claude-none' })).toMatchObject({ class: 'NotFoundError' });
    expect(await failing({ max_tokens: -1 })).toMatchObject({ class: 'BadRequestError' });
    expect(await failing({ messages: [] })).toMatchObject({ class: 'BadRequestError' });
    stage.simulator.setFaults('status=429; retry-after=1; retry-after-style=ms');
    await expect(
      clientOf(stage.through).messages.create({ ...asked, model: 'claude-opus-5-5' }),
    ).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    stage.simulator.clearFaults();
    stage.simulator.setFaults('status=529');
    expect(await failing({ temperature: 0.2 })).toMatchObject({ class: 'OverloadedError', status: 529 });
    await stage.recover();
    const wrong = new Anthropic({ baseURL: stage.url, apiKey: 'ait-wrong', maxRetries: 0 });
    await expect(wrong.messages.create(asked)).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
  });

  it('tells a stream that breaks off from one that ends', async () => {
    const client = clientOf(stage.through);
    for (const fault of ['cut-after=6', 'error-after=6']) {
      stage.simulator.setFaults(fault);
      await expect(
        client.messages.stream({ ...asked, temperature: 0.9 }).finalMessage(),
        fault,
      ).rejects.toThrow();
    }
    stage.simulator.clearFaults();
  });
});
