import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createPipeline, openaiProvider } from '../../src/index.js';
import { body, createOddProvider, events, given } from '../support/odd-provider.js';
import { chat, run } from '../support/run-exchange.js';

const codings = [
  ['gzip', gzipSync],
  ['X-GZIP', gzipSync],
  ['br', brotliCompressSync],
  ['deflate', deflateSync],
  ['zstd', zstdCompressSync],
] as const;

describe('an answer that comes in a coding which nobody asked for', () => {
  it.each(codings)('is given without it, and stored: %s', async (coding, encode) => {
    const headers = { 'content-encoding': coding };
    const [whole, again] = await given({ headers, bytes: encode(body) });
    expect(whole).toMatchObject({ text: body, error: undefined, head: { status: 200 } });
    expect(whole.head?.headers).not.toHaveProperty('content-encoding');
    expect(again).toMatchObject({ text: body, head: { cache: 'hit' } });
    const stream = { type: 'text/event-stream', headers, bytes: encode(events) };
    const [streamed, then] = await given(stream, { stream: true });
    expect(streamed).toMatchObject({ text: events, error: undefined });
    expect(then.head?.cache).toBe('hit');
  });

  it.each(codings)('is told as an error by its own words: %s', async (coding, encode) => {
    const refusal = '{"error":{"message":"no"}}';
    const headers = { 'content-encoding': coding };
    const [{ head, text }] = await given({ status: 400, headers, bytes: encode(refusal) });
    expect([head?.status, text]).toEqual([400, refusal]);
    const [empty] = await given({ status: 403, headers });
    expect([empty.head?.status, empty.text, empty.error]).toEqual([403, '', undefined]);
  });

  it('is broken off when it ends too early, or is not in that coding', async () => {
    const headers = { 'content-encoding': 'gzip' };
    for (const bytes of [gzipSync(body).subarray(0, -9), body]) {
      const [{ error, text }, again] = await given({ headers, bytes });
      expect(error).toMatchObject({ code: 'AI_STREAM_INCOMPLETE' });
      expect(text).toBe('');
      expect(again.error).toMatchObject({ code: 'AI_NOT_CACHED' });
    }
  });

  it('is held to the bound of a body as it is behind the coding', async () => {
    const bytes = gzipSync(Buffer.alloc(65 * 1024 * 1024, ' '));
    const [{ error }] = await given({ headers: { 'content-encoding': 'gzip' }, bytes });
    expect(error).toMatchObject({ code: 'AI_RESPONSE_TOO_LARGE' });
  });

  it.each(['compress', 'gzip, br'])('is no answer in a coding that we do not know: %s', async (coding) => {
    for (const status of [200, 400]) {
      const answer = { status, headers: { 'content-encoding': coding }, bytes: '\x1f\x9d' };
      const [{ error }] = await given(answer);
      expect(error).toMatchObject({ code: 'AI_RESPONSE_INVALID', message: expect.stringContaining(coding) });
      const [streamed] = await given({ ...answer, type: 'text/event-stream' }, { stream: true });
      expect(streamed.error).toMatchObject({ code: 'AI_RESPONSE_INVALID' });
    }
  });

  it('is an answer as it is where the coding is none', async () => {
    const [whole] = await given({ headers: { 'content-encoding': 'identity' }, bytes: body });
    expect(whole).toMatchObject({ text: body, error: undefined });
  });
});

it('is asked for by nobody', async () => {
  await using provider = await createOddProvider((response) => response.end(body));
  await using pipeline = createPipeline({ providers: [openaiProvider(provider.baseUrl)] });
  await run(pipeline, chat('Tides'));
  expect(provider.asked).toMatchObject([{ 'accept-encoding': 'identity' }]);
});
