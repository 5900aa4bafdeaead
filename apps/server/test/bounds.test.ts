import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { connectTo, type RawAnswer, readRaw, sendRaw } from './support/raw-request.js';
import { createStage, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage({
    config: `
[server]
maxBodyBytes = 2000
requestTimeoutMs = 401
maxConnections = 8
[limits]
maxCallMs = 1000
`,
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

function post(path: string, headers: readonly string[], body = ''): string {
  return [`POST ${path} HTTP/1.1`, 'host: 127.0.0.1', ...headers, '', body].join('\r\n');
}

function errorOf({ body }: RawAnswer): { type: string; code?: string; message: string } {
  return JSON.parse(body).error;
}

function expectAnthropic(answer: RawAnswer, status: number, type: string): void {
  expect(answer.status).toBe(status);
  const body = JSON.parse(answer.body);
  expect(body).toMatchObject({ type: 'error', error: { type } });
  expect(body.request_id).toBe(answer.headers['x-request-id']);
}

function expectOpenai(answer: RawAnswer, status: number, code = 'BAD_REQUEST'): void {
  expect(answer.status).toBe(status);
  const body = JSON.parse(answer.body);
  expect(body.error).toMatchObject({ code, message: expect.any(String) });
  expect(body.error.request_id).toBe(answer.headers['x-request-id']);
}

describe('bounds', () => {
  it('of a body, told in the words of its route, whether its length is known or not', async () => {
    const large = 'x'.repeat(3000);
    const openai = await sendRaw(stage.url, post('/v1/chat/completions', ['content-length: 3000'], large));
    expectOpenai(openai, 413, 'AI_REQUEST_INVALID');
    const chunked = await sendRaw(
      stage.url,
      post('/v1/messages', ['transfer-encoding: chunked'], `bb8\r\n${large}\r\n`),
    );
    expectAnthropic(chunked, 413, 'request_too_large');
    expect(chunked.headers.connection).toBe('close');
    expectAnthropic(
      await sendRaw(stage.url, post('/v1/messages/count_tokens', ['content-length: 99999999999'], 'x')),
      413,
      'request_too_large',
    );
  });

  it('of headers and URL', async () => {
    expectOpenai(await sendRaw(stage.url, post('/v1/messages', [`x-large: ${'x'.repeat(20_000)}`])), 431);
    expectAnthropic(
      await sendRaw(stage.url, post(`/v1/messages?${'x'.repeat(9000)}`, ['content-length: 0'])),
      414,
      'invalid_request_error',
    );
  });

  it('of the time in which a request arrives: its head, and its body', async () => {
    const head = await sendRaw(stage.url, 'POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\nx-a: ');
    expectOpenai(head, 408);
    const body = await sendRaw(stage.url, post('/v1/messages', ['content-length: 100'], '{"model":'));
    expectAnthropic(body, 408, 'timeout_error');
  });

  it('of connections: one more is told to come back', async () => {
    const open = Array.from({ length: 8 }, () => connectTo(stage.url));
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    const refused = await sendRaw(stage.url, post('/v1/messages', ['content-length: 2'], '{}'));
    expectAnthropic(refused, 503, 'api_error');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    for (const socket of open) socket.destroy();
    await expect.poll(async () => (await ask(stage.url, 'Room again')).status).toBe(200);
  });

  it('of a whole call, before its answer and in the middle of a stream', async () => {
    stage.simulator.setFaults('delay=5000');
    const { status, text } = await ask(stage.url, 'Slow');
    expect([status, JSON.parse(text).error.code]).toEqual([504, 'AI_TIMEOUT']);
    stage.simulator.setFaults('chunk-delay=200');
    const stream = await ask(stage.url, 'Write a long text about slow tides', { stream: true });
    stage.simulator.clearFaults();
    expect(stream.status).toBe(200);
    expect(stream.text).not.toContain('[DONE]');
    expect(stream.text.trim().split('\n').at(-1)).toContain('AI_TIMEOUT');
  });

  it('of what is a request at all', async () => {
    expectOpenai(await sendRaw(stage.url, 'NONSENSE\r\n\r\n'), 400);
    expectOpenai(await sendRaw(stage.url, 'GET / HTTP/1.1\r\n\r\n'), 400);
    expectOpenai(
      await sendRaw(stage.url, 'CONNECT example.org:443 HTTP/1.1\r\nhost: example.org:443\r\n\r\n'),
      405,
    );
    const both = ['content-length: 5', 'transfer-encoding: chunked'];
    expectOpenai(await sendRaw(stage.url, post('/v1/chat/completions', both, '0\r\n\r\n')), 400);
    const badChunk = post('/v1/messages', ['transfer-encoding: chunked'], 'zz\r\nhello\r\n');
    expectAnthropic(await sendRaw(stage.url, badChunk), 400, 'invalid_request_error');
    expectOpenai(await sendRaw(stage.url, post('/%zz', ['content-length: 0'])), 400);
    const expects = post('/v1/chat/completions', ['expect: miracles', 'content-length: 2'], '{}');
    const answer = await sendRaw(stage.url, expects);
    expect([answer.status, errorOf(answer).code]).toEqual([417, 'BAD_REQUEST']);
  });

  it.each([
    ['a broken request', post('/v1/messages', ['transfer-encoding: chunked'], 'zz\r\n')],
    ['a CONNECT', 'CONNECT example.org:443 HTTP/1.1\r\nhost: example.org:443\r\n\r\n'],
  ])('adds no refusal of %s to an answer that is on its way', async (what, broken) => {
    stage.simulator.setFaults('chunk-delay=50');
    const asked = {
      model: 'gpt-4o-mini',
      stream: true,
      messages: [{ role: 'user', content: `Write a text about tides before ${what}` }],
    };
    const body = JSON.stringify(asked);
    const socket = connectTo(stage.url);
    socket.write(post('/v1/chat/completions', [`content-length: ${Buffer.byteLength(body)}`], body));
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      if (text === '') socket.write(broken);
      text += chunk.toString();
    });
    await once(socket, 'close');
    stage.simulator.clearFaults();
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(text).not.toContain('BAD_REQUEST');
    expect(text).not.toContain('invalid_request_error');
  });

  it('does not end with a client that leaves in the middle of its body', async () => {
    const socket = connectTo(stage.url);
    await once(socket, 'connect');
    socket.write(post('/v1/chat/completions', ['content-length: 100'], '{"model":'));
    socket.destroy();
    await once(socket, 'close');
    expect((await ask(stage.url, 'Still there')).status).toBe(200);
    const kept = await readRaw(connectTo(stage.url), (one) =>
      one.write('GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n'),
    );
    expect(kept.status).toBe(200);
  });
});
