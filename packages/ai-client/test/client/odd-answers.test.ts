import { describe, expect, it } from 'vitest';
import { createAiClient, createPipeline, openaiProvider } from '../../src/index.js';
import { createOddProvider } from '../support/odd-provider.js';
import { all, rejection } from './support/all.js';

/** What `generate` and `generateStreaming` make of a body. */
async function failures(
  status: number,
  body: unknown,
  type = 'application/json',
): Promise<[unknown, unknown]> {
  await using provider = await createOddProvider((response) => {
    response
      .writeHead(status, { 'content-type': type })
      .end(typeof body === 'string' ? body : JSON.stringify(body));
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
    [500, { error: { message: 'out of memory', code: 500 } }],
    [502, { error: 'out of memory' }],
    [502, { error: { message: 'out of memory' }, choices: [] }],
  ])('is the failure that it tells of, and no empty text: %i of %j', async (status, body) => {
    for (const error of await failures(200, body))
      expect(error).toMatchObject({
        code: 'AI_PROVIDER',
        status,
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

describe('thinking in parts of the content, as Mistral tells it', () => {
  const part = (type: string, inner: unknown): object => ({ type, [type]: inner });
  const thinking = part('thinking', [part('text', 'Low tide.')]);
  const choice = (message: object): object => ({ choices: [{ index: 0, ...message }] });

  it('is told apart from the text, whole or streamed', async () => {
    const whole = choice({
      message: { role: 'assistant', content: [thinking, part('text', 'At six.')] },
      finish_reason: 'stop',
    });
    const chunks = [
      choice({ delta: { role: 'assistant', content: [thinking] } }),
      choice({ delta: { content: 'At ' } }),
      choice({ delta: { content: 'six.' }, finish_reason: 'stop' }),
    ];
    const streamed = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'].map(
      (data) => `data: ${data}\n\n`,
    );
    for (const [type, bytes] of [
      ['application/json', JSON.stringify(whole)],
      ['text/event-stream', streamed.join('')],
    ] as const) {
      await using provider = await createOddProvider((response) => {
        response.writeHead(200, { 'content-type': type }).end(bytes);
      });
      await using pipeline = createPipeline({ providers: [openaiProvider(provider.baseUrl)] });
      const client = createAiClient({ pipeline, model: 'odd-1' });
      const events = await all(client.generateStreaming('Tides?'));
      const said = { text: 'At six.', reasoning: 'Low tide.' };
      expect(events[0]).toEqual({ type: 'reasoning', text: 'Low tide.' });
      expect(events.at(-1)).toMatchObject({ type: 'done', generation: said });
      expect(await client.generate('Tides?')).toMatchObject({ ...said, cache: 'hit' });
    }
  });
});

describe('the reason of a refusal', () => {
  it.each([
    { error: { message: 'too long' } },
    { error: 'too long' },
    { object: 'error', message: 'too long', type: 'BadRequestError', code: 400 },
    { detail: 'too long' },
    { detail: [{ loc: ['body'], msg: 'too long' }] },
    [{ error: { code: 400, message: 'too long' } }],
  ])('is told in whatever form it comes: %j', async (body) => {
    for (const error of await failures(400, body))
      expect(error).toMatchObject({ status: 400, message: 'openai-compatible answered 400: too long' });
  });

  it.each([
    ['text/plain', 'upstream connect error\n  or disconnect\n', 'upstream connect error or disconnect'],
    ['text/plain', 'x'.repeat(500), `${'x'.repeat(200)}…`],
    [
      'text/html',
      '<!DOCTYPE html>\n<html><head><title>502 Bad\nGateway</title></head><body>…</body></html>',
      '502 Bad Gateway',
    ],
  ])('is told also where it is no JSON, as what proxies say is: %s', async (type, body, said) => {
    for (const error of await failures(502, body, type))
      expect(error).toMatchObject({ message: `openai-compatible answered 502: ${said}` });
  });

  it('is none where there is none', async () => {
    for (const body of [{}, { error: {} }, { detail: [5] }, { message: '' }, '', ' ', '<html></html>'])
      for (const error of await failures(400, body))
        expect(error).toMatchObject({ message: 'openai-compatible answered 400: It gave no reason.' });
  });
});
