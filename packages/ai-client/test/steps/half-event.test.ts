import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createPipeline, openaiProvider } from '../../src/index.js';
import { chat, type Outcome, run } from '../support/run-exchange.js';

const piece = 'data: {"choices":[{"index":0,"delta":{"content":"Hel"}}]}';
const finish = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}';

/** What becomes of a stream of these bytes, which a server ends properly, and of the same request after it. */
async function streamed(bytes: string): Promise<readonly [Outcome, Outcome]> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.setHeader('content-type', 'text/event-stream');
      response.end(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await using pipeline = createPipeline({
    providers: [openaiProvider(`http://127.0.0.1:${port}/v1`)],
    maxRetries: 0,
  });
  const request = chat('Hi', { stream: true });
  const outcomes = [await run(pipeline, request), await run(pipeline, request)] as const;
  await new Promise((resolve) => server.close(resolve));
  return outcomes;
}

describe('a stream that its server ends in the middle of an event', () => {
  it.each([
    ['a line', `${piece}\n\ndata: {"choices":[{"ind`],
    ['a field’s name', `${piece}\n\nda`],
    ['a multi-byte character', `${piece}\n\ndata: {"choices":[{"delta":{"content":"\u{1F600}`.slice(0, -1)],
  ])('gives what was whole, not the half event, and fails: %s', async (_, bytes) => {
    const [{ head, text, error }, again] = await streamed(bytes);
    expect(head?.status).toBe(200);
    expect(text).toBe(`${piece}\n\n`);
    expect(error).toMatchObject({ code: 'AI_STREAM_INCOMPLETE' });
    expect(again.head?.cache).toBe('miss');
  });

  it('is whole when only the last blank line is missing', async () => {
    for (const end of ['', '\n', '\r\n']) {
      const whole = `${piece}\n\n${finish}\n\ndata: [DONE]${end}`;
      const [{ text, error }, again] = await streamed(whole);
      expect(error).toBeUndefined();
      expect(text).toBe(whole);
      expect(again).toMatchObject({ head: { cache: 'hit' }, text: whole });
    }
  });
});
