import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { createPipeline, type Pipeline } from '../src/index.js';
import { createOddProvider, events } from './support/odd-provider.js';
import { createStage } from './support/stage.js';

const messages = [{ role: 'user' as const, content: 'Name three tides.' }];
const request = { model: 'gpt-4o-mini', messages };

describe('pipeline.fetch under the OpenAI SDK', () => {
  it('answers, streams, and asks nobody the second time', async () => {
    await using stage = await createStage();
    const client = new OpenAI({
      apiKey: 'k',
      baseURL: stage.simulator.openaiBaseUrl,
      fetch: stage.pipeline.fetch,
    });
    const { data, response } = await client.chat.completions.create(request).withResponse();
    expect(response.headers.get('x-cache')).toBe('MISS');
    let streamed = '';
    for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
      streamed += chunk.choices[0]?.delta.content ?? '';
    }
    expect(streamed).toBe(data.choices[0]?.message.content);
    const again = await client.chat.completions.create(request).withResponse();
    expect(again.response.headers.get('x-cache')).toBe('HIT');
    expect(again.data).toEqual(data);
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('keeps callers with other credentials apart', async () => {
    await using stage = await createStage();
    const ask = async (apiKey: string): Promise<string | null> => {
      const client = new OpenAI({
        apiKey,
        baseURL: stage.simulator.openaiBaseUrl,
        fetch: stage.pipeline.fetch,
      });
      return (await client.chat.completions.create(request).withResponse()).response.headers.get('x-cache');
    };
    expect([await ask('one'), await ask('two'), await ask('one')]).toEqual(['MISS', 'MISS', 'HIT']);
  });

  it('lets the SDK type its errors, and retries once, not twice over', async () => {
    await using stage = await createStage({ maxRetries: 1 }, { strictModels: true });
    const client = new OpenAI({
      apiKey: 'k',
      baseURL: stage.simulator.openaiBaseUrl,
      fetch: stage.pipeline.fetch,
    });
    await expect(client.chat.completions.create({ ...request, model: 'none' })).rejects.toBeInstanceOf(
      OpenAI.NotFoundError,
    );
    stage.simulator.resetStats();
    stage.simulator.setFaults('status=500');
    await expect(client.chat.completions.create(request)).rejects.toBeInstanceOf(OpenAI.InternalServerError);
    expect(stage.simulator.stats().requests).toBe(2);
    const away = new OpenAI({
      apiKey: 'k',
      baseURL: 'http://127.0.0.1:9/v1',
      fetch: stage.pipeline.fetch,
      maxRetries: 0,
    });
    await expect(away.chat.completions.create(request)).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
  });

  it('passes an abort on, before and in the middle of a stream', async () => {
    await using stage = await createStage({}, { faults: ['chunk-delay=20'] });
    const client = new OpenAI({
      apiKey: 'k',
      baseURL: stage.simulator.openaiBaseUrl,
      fetch: stage.pipeline.fetch,
    });
    const stream = await client.chat.completions.create({ ...request, stream: true });
    for await (const _chunk of stream) break;
    await expect.poll(() => stage.simulator.stats().abortedStreams).toBe(1);
    stage.simulator.setFaults('delay=10000');
    const leaving = new AbortController();
    const waiting = client.chat.completions.create(request, { signal: leaving.signal });
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(1);
    leaving.abort();
    await expect(waiting).rejects.toBeInstanceOf(OpenAI.APIUserAbortError);
    await expect.poll(() => stage.pipeline.stats().openCalls).toBe(0);
  });

  it('reads the cache directives of headers', async () => {
    await using stage = await createStage();
    const client = new OpenAI({
      apiKey: 'k',
      baseURL: stage.simulator.openaiBaseUrl,
      fetch: stage.pipeline.fetch,
    });
    const ask = async (headers: Record<string, string>): Promise<string | null> =>
      (await client.chat.completions.create(request, { headers }).withResponse()).response.headers.get(
        'x-cache',
      );
    await expect(ask({ 'cache-control': 'only-if-cached' })).rejects.toMatchObject({
      status: 504,
      code: 'AI_NOT_CACHED',
    });
    expect(await ask({ 'x-cache-ttl': '0' })).toBe('MISS');
    expect(await ask({})).toBe('MISS');
    expect(await ask({ 'cache-control': 'no-cache' })).toBe('REFRESH');
    expect(await ask({ 'cache-control': 'no-store, no-cache' })).toBe('BYPASS');
    expect(await ask({ 'x-cache-namespace': 'other' })).toBe('MISS');
    expect(await ask({ 'cache-control': 'max-age=60' })).toBe('HIT');
    expect(await ask({ 'cache-control': 'max-age=0' })).toBe('MISS');
  });

  it('leaves every other request as it is', async () => {
    await using stage = await createStage();
    const client = new OpenAI({
      apiKey: 'k',
      baseURL: stage.simulator.openaiBaseUrl,
      fetch: stage.pipeline.fetch,
    });
    expect((await client.models.list()).data.length).toBeGreaterThan(0);
  });
});

describe('createPipeline without options', () => {
  it('works from the environment', async () => {
    await using simulator = await createSimulator();
    process.env.OPENAI_BASE_URL = simulator.openaiBaseUrl;
    try {
      await using pipeline = createPipeline();
      expect(pipeline.providers).toMatchObject([
        { name: 'openai-compatible', baseUrl: simulator.openaiBaseUrl },
      ]);
    } finally {
      delete process.env.OPENAI_BASE_URL;
    }
  });

  it('hears of an abort also after a garbage collection', async () => {
    await using stage = await createStage({}, { faults: ['hang'] });
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const leaving = new AbortController();
    const url = `${stage.simulator.openaiBaseUrl}/chat/completions`;
    const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] });
    const byInit = stage.pipeline.fetch(url, { method: 'POST', body, signal: leaving.signal });
    const byRequest = stage.pipeline.fetch(
      new Request(url, { method: 'POST', body: body.replace('Hi', 'Ho'), signal: leaving.signal }),
    );
    const outcomes = Promise.allSettled([byInit, byRequest]);
    await expect.poll(() => stage.simulator.stats().inFlight).toBe(2);
    // A `Request` follows the signal that it is given by a weak reference.
    for (let round = 0; round < 5; round++) {
      collect();
      await new Promise((resolve) => setImmediate(resolve));
    }
    leaving.abort();
    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect.poll(() => stage.pipeline.stats()).toEqual({ openCalls: 0, sharedFlights: 0 });
  });
});

describe('an answer that no `Response` can hold', () => {
  const ask = (pipeline: Pipeline, url: string, stream: boolean): Promise<Response> =>
    pipeline.fetch(`${url}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', stream, messages: [{ role: 'user', content: 'Tides' }] }),
    });

  it('by its status is one of a server that fails', async () => {
    await using provider = await createOddProvider((response) => response.writeHead(999).end('{"error":{}}'));
    await using pipeline = createPipeline({ providers: [], maxRetries: 0 });
    const response = await ask(pipeline, provider.baseUrl, false);
    expect([response.status, await response.text()]).toEqual([502, '{"error":{}}']);
  });

  it('as a stream by a status without a body is a rejection', async () => {
    await using provider = await createOddProvider((response) =>
      response.writeHead(205, { 'content-type': 'text/event-stream' }).end(events),
    );
    await using pipeline = createPipeline({ providers: [], maxRetries: 0 });
    await expect(ask(pipeline, provider.baseUrl, true)).rejects.toThrow(TypeError);
    expect(pipeline.stats().openCalls).toBe(0);
  });
});

it('refuses a URL with a password, as `fetch` does', async () => {
  await using pipeline = createPipeline({ providers: [] });
  const url = 'http://user:secret@127.0.0.1:9/v1/chat/completions';
  await expect(pipeline.fetch(url, { method: 'POST', body: '{"model":"m"}' })).rejects.toThrow('credentials');
});

it.each([true, false])('gives nobody the memory of the cache; streamed: %s', async (stream) => {
  await using stage = await createStage();
  const ask = (): Promise<Response> =>
    stage.pipeline.fetch(`${stage.simulator.openaiBaseUrl}/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ ...request, stream }),
    });
  const whole = await (await ask()).text();
  for (let round = 0; round < 2; round++) {
    const response = await ask();
    expect(response.headers.get('x-cache')).toBe('HIT');
    for await (const chunk of response.body ?? []) {
      chunk.fill(0);
      structuredClone(chunk.buffer, { transfer: [chunk.buffer] });
    }
  }
  expect(await (await ask()).text()).toBe(whole);
});
