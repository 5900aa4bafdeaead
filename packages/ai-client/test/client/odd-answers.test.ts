import { describe, expect, it } from 'vitest';
import { createAiClient, createPipeline, openaiProvider } from '../../src/index.js';
import { createOddProvider } from '../support/odd-provider.js';
import { all, rejection } from './support/all.js';

/** What `generate` and `generateStreaming` make of a body. */
async function failures(status: number, body: unknown): Promise<[unknown, unknown]> {
  await using provider = await createOddProvider((response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await using pipeline = createPipeline({ providers: [openaiProvider(provider.baseUrl)], maxRetries: 0 });
  const client = createAiClient({ pipeline, model: 'odd-1' });
  return [
    await rejection(client.generate('Tides?')),
    await rejection(all(client.generateStreaming('Tides?'))),
  ];
}

describe('an answer that is none', () => {
  it.each([
    { error: { message: 'out of memory', code: 500 } },
    { error: 'out of memory' },
    { error: { message: 'out of memory' }, choices: [] },
  ])('is a failure and no empty text: %j', async (body) => {
    for (const error of await failures(200, body))
      expect(error).toMatchObject({
        code: 'AI_RESPONSE_INVALID',
        retryable: true,
        message: expect.stringContaining('out of memory'),
      });
  });

  it.each([{ id: 'x' }, { choices: [] }, { choices: [{ text: 'High', finish_reason: 'stop' }] }])(
    'is a failure also where it says nothing at all: %j',
    async (body) => {
      await using provider = await createOddProvider((response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
      await using pipeline = createPipeline({ providers: [openaiProvider(provider.baseUrl)] });
      const error = await rejection(createAiClient({ pipeline, model: 'odd-1' }).generate('Tides?'));
      expect(error).toMatchObject({ code: 'AI_RESPONSE_INVALID', retryable: true });
    },
  );
});

describe('the reason of a refusal', () => {
  it.each([
    { error: { message: 'too long' } },
    { error: 'too long' },
    { object: 'error', message: 'too long', type: 'BadRequestError', code: 400 },
    { detail: 'too long' },
    { detail: [{ loc: ['body'], msg: 'too long' }] },
  ])('is told in whatever form it comes: %j', async (body) => {
    for (const error of await failures(400, body))
      expect(error).toMatchObject({ status: 400, message: 'openai-compatible answered 400: too long' });
  });

  it('is none where there is none', async () => {
    for (const body of [{}, { error: {} }, { detail: [5] }, { message: '' }])
      for (const error of await failures(400, body))
        expect(error).toMatchObject({ message: 'openai-compatible answered 400: It gave no reason.' });
  });
});
