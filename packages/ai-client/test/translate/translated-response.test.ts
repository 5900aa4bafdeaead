import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AiError } from '../../src/errors.js';
import type { JsonObject } from '../../src/json.js';
import { readEvents } from '../../src/sse/events.js';
import { collect } from '../../src/steps/collect.js';
import { firstEvent } from '../../src/steps/first-event.js';
import { createTransport, type UpstreamResponse } from '../../src/steps/transport.js';
import { chatSurface } from '../../src/surfaces/chat.js';
import { ChatFolder } from '../../src/surfaces/chat-fold.js';
import { foldEvents } from '../../src/surfaces/event-folder.js';
import { chatRequestToMessages } from '../../src/translate/chat-request.js';
import { translateResponse } from '../../src/translate/translated-response.js';
import { event } from './support/messages.js';

const bounds = { createdAt: 0, maxBodyBytes: 1_000_000, maxEventBytes: 1_000 };

function parse(bytes: Uint8Array): JsonObject {
  return JSON.parse(Buffer.from(bytes).toString()) as JsonObject;
}

describe('translateResponse', () => {
  const transport = createTransport();
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await createSimulator();
  });
  afterAll(async () => {
    await transport.close();
    await simulator.close();
  });
  beforeEach(() => simulator.clearFaults());

  async function ask(fields: JsonObject = {}): Promise<UpstreamResponse> {
    const messages = [{ role: 'user', content: 'Hello' }];
    const { body } = chatRequestToMessages({ model: 'claude-opus-5', messages, ...fields });
    const request = {
      upstream: 'simulator',
      origin: simulator.anthropicBaseUrl,
      path: '/v1/messages',
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', 'x-api-key': 'k' },
      body: Buffer.from(JSON.stringify(body)),
      idleTimeoutMs: 10_000,
    };
    const requester = { abandoned: undefined, onAbandoned: undefined, isSent: false };
    return translateResponse(await transport.send(request, requester), bounds);
  }

  it('gives the same answer as a body and as a stream', async () => {
    const whole = parse(await collect(await ask(), bounds.maxBodyBytes));
    const streamed = await ask({ stream: true });
    const folded = foldEvents(new ChatFolder(), readEvents(await collect(streamed, bounds.maxBodyBytes)));
    expect(streamed.status).toBe(200);
    expect(folded).toMatchObject({ terminated: true, finished: true });
    expect(folded.body).toEqual({ ...whole, id: folded.body?.id });
  });

  it('translates an error with its status', async () => {
    simulator.setFaults('status=529');
    const response = await ask();
    expect(response.status).toBe(503);
    expect(parse(await collect(response, bounds.maxBodyBytes))).toMatchObject({
      error: { code: 'overloaded_error' },
    });
  });

  it('passes on that a stream was cut off, with what came before', async () => {
    simulator.setFaults('cut-after=3');
    const response = await ask({ stream: true });
    await expect(collect(response, bounds.maxBodyBytes)).rejects.toMatchObject({
      code: 'AI_STREAM_INCOMPLETE',
    });
  });

  /** A response that gives these chunks as soon as somebody reads it. */
  function given(
    status: number,
    contentType: string,
    ...chunks: readonly string[]
  ): UpstreamResponse & { log: string[] } {
    const log: string[] = [];
    let aborted: { readonly reason: unknown } | undefined;
    return {
      status,
      headers: { 'content-type': contentType },
      log,
      peek: () => Promise.resolve(Buffer.from(chunks.join(''))),
      read: (reader) => {
        for (const chunk of chunks) if (aborted === undefined) reader.onData(Buffer.from(chunk));
        if (aborted === undefined) reader.onEnd();
        else reader.onError(aborted.reason);
      },
      pause: () => log.push('pause'),
      resume: () => log.push('resume'),
      abort: (reason) => {
        aborted = { reason };
      },
    };
  }

  it('gives an error inside a 200 the status of its kind', async () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const response = await translateResponse(given(200, 'application/json', JSON.stringify(error)), bounds);
    expect(response.status).toBe(503);
    const tooMany = { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } };
    const limited = await translateResponse(given(200, 'application/json', JSON.stringify(tooMany)), bounds);
    expect(limited.status).toBe(429);
  });

  it('passes on what is no JSON: an answer as it came, an error by its status', async () => {
    const answer = await translateResponse(given(200, 'text/html', '<html>'), bounds);
    expect(Buffer.from(await collect(answer, 100)).toString()).toBe('<html>');
    const error = await translateResponse(given(502, 'text/html', '<html>'), bounds);
    expect([error.status, parse(await collect(error, 1_000))]).toMatchObject([
      502,
      { error: { type: 'server_error' } },
    ]);
  });

  it('hands the back-pressure of its reader on, and its bounds', async () => {
    const source = given(
      200,
      'text/event-stream',
      event({ type: 'ping' }),
      'data: '.padEnd(1_100, 'x'),
      'more',
    );
    const stream = await translateResponse(source, bounds);
    stream.pause();
    stream.resume();
    expect(source.log).toEqual(['pause', 'resume']);
    await expect(collect(stream, 1_000)).rejects.toSatisfy(
      (error) => AiError.isInstance(error) && error.code === 'AI_RESPONSE_TOO_LARGE',
    );
    const body = await translateResponse(given(200, 'application/json', '{"id":"m","content":[]}'), bounds);
    body.pause();
    body.resume();
    await expect(collect(body, 10)).rejects.toMatchObject({ code: 'AI_RESPONSE_TOO_LARGE' });
  });

  const overloaded = event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });

  it('shows the translation to who looks at its beginning, and gives it again to who reads it', async () => {
    const simulated = await ask({ stream: true });
    const first = await simulated.peek((arrived) => arrived.length > 0);
    const whole = await collect(simulated, bounds.maxBodyBytes);
    expect(Buffer.from(first).toString()).toContain('"role":"assistant"');
    expect(Buffer.from(whole).toString().startsWith(Buffer.from(first).toString())).toBe(true);

    const refused = await translateResponse(
      given(200, 'text/event-stream', event({ type: 'ping' }), overloaded),
      bounds,
    );
    await expect(firstEvent(refused, chatSurface)).rejects.toMatchObject({ status: 529 });
    const empty = await translateResponse(given(200, 'text/event-stream', event({ type: 'ping' })), bounds);
    await expect(firstEvent(empty, chatSurface)).rejects.toMatchObject({ code: 'AI_STREAM_INCOMPLETE' });
    const body = await translateResponse(given(200, 'application/json', '{"id":"m"}'), bounds);
    expect(parse(await body.peek(() => true))).toMatchObject({ id: 'm' });
  });

  it('fails for who looks at a stream that was aborted, before or after', async () => {
    const source = given(200, 'text/event-stream', overloaded);
    const before = await translateResponse(source, bounds);
    before.abort('gone');
    await expect(before.peek(() => true)).rejects.toBe('gone');
    await expect(collect(before, 10)).rejects.toBe('gone');
    simulator.setFaults('cut-after=2');
    const after = await ask({ stream: true });
    await expect(after.peek(() => false)).rejects.toMatchObject({ code: 'AI_STREAM_INCOMPLETE' });
  });

  it('gives a reader of an aborted body the reason', async () => {
    const body = await translateResponse(given(200, 'application/json', '{}'), bounds);
    body.abort('gone');
    await expect(collect(body, 10)).rejects.toBe('gone');
  });
});
