import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createPipeline, openaiProvider, type TokenCount } from '../../src/index.js';
import { body, createOddProvider, given, type Odd } from '../support/odd-provider.js';

describe('a success that is no answer', () => {
  it.each([
    ['a page', { type: 'text/html', bytes: '<h1>Please log in</h1>' }],
    ['nothing', {}],
    ['nothing, and says so', { status: 204 }],
    ['a list', { bytes: '[]' }],
    ['half of one', { bytes: body.slice(0, -1) }],
  ])('is told as such, streamed or not: %s', async (_what, odd: Odd) => {
    for (const asks of [{}, { stream: true }]) {
      const [{ error, text, head }, again] = await given(odd, asks);
      expect(error).toMatchObject({ code: 'AI_RESPONSE_INVALID', status: 502 });
      expect([head, text]).toEqual([undefined, '']);
      expect(again.error).toMatchObject({ code: 'AI_NOT_CACHED' });
    }
  });
});

describe('a count of tokens', () => {
  const count = async (answer: (response: ServerResponse) => void): Promise<TokenCount> => {
    await using provider = await createOddProvider(answer);
    await using pipeline = createPipeline({ providers: [openaiProvider(provider.baseUrl)] });
    const asked = { model: 'm', messages: [{ role: 'user', content: 'Tides' }] };
    return await pipeline.countTokens({
      body: Buffer.from(JSON.stringify(asked)),
      signal: new AbortController().signal,
    });
  };

  it('is none when it is a page, or a redirect to one', async () => {
    const failure = { code: 'AI_RESPONSE_INVALID', status: 502 };
    await expect(count((response) => response.end('<h1>Please log in</h1>'))).rejects.toMatchObject(failure);
    const moved = count((response) => response.writeHead(302, { location: '/login' }).end());
    await expect(moved).rejects.toMatchObject(failure);
  });

  it('is none when it is an error, whatever its status', async () => {
    const error = '{"type":"error","error":{"type":"rate_limit_error","message":"Slow down"}}';
    const { status, body: bytes } = await count((response) => response.end(error));
    expect([status, Buffer.from(bytes).toString()]).toEqual([429, error]);
  });

  it('is given as it came', async () => {
    const { status, body: bytes } = await count((response) => response.end('{"input_tokens":7}'));
    expect([status, Buffer.from(bytes).toString()]).toEqual([200, '{"input_tokens":7}']);
  });
});
