import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParityStage, errorOf, type ParityStage, type Place } from '../support/parity.js';

let stage: ParityStage;
beforeAll(async () => {
  stage = await createParityStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const model = 'gpt-4o-mini';
const messages = [{ role: 'user' as const, content: 'Name three tides, and why they come.' }];
const tools = [
  {
    type: 'function' as const,
    function: {
      name: 'get_weather',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  },
];

function clientOf({ openai: baseURL, apiKey }: Place): OpenAI {
  return new OpenAI({ baseURL, apiKey, maxRetries: 0 });
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

describe('the SDK of OpenAI, pointed at the server', () => {
  it('gets the completions that the provider gives, whole and streamed', async () => {
    await stage.same((place) => clientOf(place).chat.completions.create({ model, messages }));
    await stage.same((place) =>
      clientOf(place).chat.completions.create({ model, messages, n: 2, logprobs: true, seed: 3 }),
    );
    await stage.same(async (place) => {
      const stream = clientOf(place).chat.completions.stream({ model, messages, temperature: 0.5 });
      return stream.finalChatCompletion();
    });
  });

  it('gets the very chunks of a stream, and the usage where it asks for it', async () => {
    const body = { model, messages, temperature: 0.9, stream: true as const };
    const chunks = await stage.same(async (place) =>
      all(await clientOf(place).chat.completions.create(body)),
    );
    expect((chunks as unknown[]).length).toBeGreaterThan(5);
    const withUsage = { ...body, top_p: 0.5, stream_options: { include_usage: true } };
    await stage.same(async (place) => {
      const parts = await all(await clientOf(place).chat.completions.create(withUsage));
      // The one thing that is ours.
      return parts.map((part) => ({ ...part, x_ai_toolkit: undefined }));
    });
  });

  it('calls tools and writes to a schema', async () => {
    const question = [{ role: 'user' as const, content: 'What is the weather in Paris?' }];
    await stage.same((place) =>
      clientOf(place).chat.completions.create({ model, messages: question, tools }),
    );
    const schema = { type: 'object', properties: { tides: { type: 'array', items: { type: 'string' } } } };
    await stage.same((place) =>
      clientOf(place).chat.completions.parse({
        model,
        messages,
        response_format: { type: 'json_schema', json_schema: { name: 'tides', schema } },
      }),
    );
  });

  it('gets responses, whole and streamed, embeddings and models', async () => {
    await stage.same((place) => clientOf(place).responses.create({ model, input: 'Name a tide.' }));
    await stage.same(async (place) =>
      all(await clientOf(place).responses.create({ model, input: 'Name a moon.', stream: true })),
    );
    await stage.same((place) =>
      clientOf(place).embeddings.create({
        model: 'text-embedding-3-small',
        input: ['high tide', 'low tide'],
      }),
    );
    await stage.same(async (place) => (await all(clientOf(place).models.list())).map(({ id }) => id).sort());
  });

  it('gets errors of the same class and with the same words', async () => {
    const failing = (body: Record<string, unknown>): Promise<unknown> =>
      stage.same((place) =>
        errorOf(clientOf(place).chat.completions.create({ model, messages, ...body } as never)),
      );
    expect(await failing({ model: 'no-such-model' })).toMatchObject({ class: 'NotFoundError' });
    expect(await failing({ messages: 'x' })).toMatchObject({ class: 'BadRequestError' });
    expect(await failing({ temperature: 'hot' })).toMatchObject({ class: 'BadRequestError' });
    stage.simulator.setFaults('status=429; retry-after=1; retry-after-style=ms');
    await expect(
      clientOf(stage.through).chat.completions.create({ model: 'gpt-4o', messages }),
    ).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    await stage.recover();
    stage.simulator.setFaults('status=500');
    expect(await failing({ seed: 2 })).toMatchObject({ class: 'InternalServerError', status: 500 });
    await stage.recover();
  });

  it('tells a stream that breaks off from one that ends', async () => {
    for (const fault of ['cut-after=6', 'error-after=6']) {
      stage.simulator.setFaults(fault);
      const body = { model, messages, seed: 9, stream: true as const };
      const stream = await clientOf(stage.through).chat.completions.create(body);
      await expect(all(stream), fault).rejects.toThrow();
    }
    await stage.recover();
  });

  it('is refused with a wrong key as the provider refuses it', async () => {
    const wrong = clientOf({ openai: `${stage.url}/v1`, anthropic: stage.url, apiKey: 'ait-wrong' });
    await expect(wrong.chat.completions.create({ model, messages })).rejects.toBeInstanceOf(
      OpenAI.AuthenticationError,
    );
    await expect(wrong.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  });
});
