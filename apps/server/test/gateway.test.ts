import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { readJson } from './support/read-json.js';
import { createHome, startServerProcess } from './support/server-process.js';

interface Tier {
  readonly name: string;
  readonly hits: number;
  readonly entries: number;
}

async function diskTier(url: string): Promise<Tier | undefined> {
  const { tiers } = await readJson<{ tiers: Tier[] }>(fetch(`${url}/api/cache`));
  return tiers.find(({ name }) => name === 'disk');
}

describe('gateway', () => {
  it('answers from the built-in simulator when nothing is configured, and says so', async () => {
    await using home = await createHome();
    await using server = await startServerProcess(home.path);
    expect(server.stdout()).toContain('simulator');
    expect(server.stdout()).toContain('because no key is set');
    const { status, text } = await ask(server.url, 'Say hello');
    expect(status).toBe(200);
    expect(JSON.parse(text).choices[0].message.content).toMatch(/^Simulated/);
    const unknown = await ask(server.url, 'Say hello', { model: 'no-such-model' });
    expect(unknown.status).toBe(404);
    expect(JSON.parse(unknown.text).error.code).toBe('model_not_found');
  });

  it.each([
    [{}, {}],
    [{}, { stream: true }],
    [{ stream: true }, {}],
    [{ stream: true }, { stream: true }],
  ])('says MISS then HIT for %j then %j, also after kill -9', async (first, second) => {
    await using home = await createHome();
    {
      await using server = await startServerProcess(home.path);
      expect((await ask(server.url, 'Tides', first)).cache).toBe('MISS');
      const hit = await ask(server.url, 'Tides', second);
      expect(hit.cache).toBe('HIT');
      expect(Number(hit.headers.get('age'))).toBeGreaterThanOrEqual(0);
      // The end of an answer waits for the disk, but not for one that takes longer than 200 ms.
      await expect.poll(async () => (await diskTier(server.url))?.entries).toBe(1);
      expect(await server.end('SIGKILL')).toBe('SIGKILL');
    }
    await using server = await startServerProcess(home.path);
    expect((await ask(server.url, 'Tides', first)).cache).toBe('HIT');
    expect((await diskTier(server.url))?.hits).toBe(1);
  });

  it('answers a question in other words with SEMANTIC, where that is switched on', async () => {
    await using simulator = await createSimulator();
    await using home = await createHome();
    const section = '[semantic]\nmodel = "text-embedding-3-small"\nthreshold = 0.6\ntimeoutMs = 10000\n';
    await writeFile(join(home.path, 'config.toml'), section);
    await using server = await startServerProcess(home.path, { OPENAI_BASE_URL: simulator.openaiBaseUrl });
    expect((await ask(server.url, 'What is the capital of France?')).cache).toBe('MISS');
    expect((await ask(server.url, "what's the capital of France")).cache).toBe('SEMANTIC');
  });

  it('asks the provider once for 100 identical requests at once', async () => {
    await using simulator = await createSimulator();
    await using home = await createHome();
    await using server = await startServerProcess(home.path, { OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        ask(server.url, 'All at once', index % 2 === 0 ? {} : { stream: true }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
    expect(simulator.stats().requests).toBe(1);
  });

  it('serves the unmodified OpenAI SDK, streamed and not, errors included', async () => {
    await using simulator = await createSimulator({ strictModels: true });
    await using home = await createHome();
    await using server = await startServerProcess(home.path, { OPENAI_BASE_URL: simulator.openaiBaseUrl });
    expect(server.stdout()).toContain('because OPENAI_BASE_URL is set');
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'unused' });
    const request = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Name a tide.' }] };
    const whole = await client.chat.completions.create(request);
    let streamed = '';
    for await (const chunk of await client.chat.completions.create({ ...request, stream: true })) {
      streamed += chunk.choices[0]?.delta.content ?? '';
    }
    expect(streamed).toBe(whole.choices[0]?.message.content);
    expect((await client.models.list()).data.map(({ id }) => id)).toContain('gpt-4o-mini');
    await expect(
      client.chat.completions.create({ ...request, model: 'no-such-model' }),
    ).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
    expect(simulator.stats().routes['chat.completions']?.ok).toBe(1);
  });

  it('says in the wire format what is wrong with a request', async () => {
    await using home = await createHome();
    await using server = await startServerProcess(home.path);
    const post = (body: string): Promise<Response> =>
      fetch(`${server.url}/v1/chat/completions`, { method: 'POST', body });
    for (const [body, said] of [
      ['{"model":', 'not JSON'],
      ['[]', 'not a JSON object'],
      ['{"messages":[]}', 'names no model'],
    ] as const) {
      const response = await post(body);
      expect(response.status).toBe(400);
      const { error } = await readJson<{ error: Record<string, string> }>(response);
      expect(error).toMatchObject({ type: 'invalid_request_error', code: 'AI_REQUEST_INVALID' });
      expect(error.message).toContain(said);
      expect(error.request_id).toBe(response.headers.get('x-request-id'));
    }
    const lost = await fetch(`${server.url}/v1/nothing`);
    expect(lost.status).toBe(404);
    expect((await readJson<{ error: { code: string } }>(lost)).error.code).toBe('NOT_FOUND');
  });

  it('says 502 when the provider cannot be reached, and stores nothing', async () => {
    await using home = await createHome();
    // Port 9 (discard) is closed on any machine that runs tests.
    await using server = await startServerProcess(home.path, { OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' });
    for (const body of [{}, { stream: true }]) {
      const { status, text } = await ask(server.url, 'Anybody?', body);
      expect(status).toBe(502);
      expect(JSON.parse(text).error).toMatchObject({ code: 'AI_UNREACHABLE', type: 'server_error' });
    }
    const { calls } = await readJson<{ calls: { status: string; errorCode: string }[] }>(
      fetch(`${server.url}/api/usage/calls`),
    );
    expect(calls.map(({ status, errorCode }) => [status, errorCode])).toEqual([
      ['error', 'AI_UNREACHABLE'],
      ['error', 'AI_UNREACHABLE'],
    ]);
  });

  it('ends a stream that the provider broke with an error frame, and never with [DONE]', async () => {
    await using simulator = await createSimulator({ faults: ['cut-after=3'] });
    await using home = await createHome();
    await using server = await startServerProcess(home.path, { OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const { status, text } = await ask(server.url, 'Write a long text about tides', { stream: true });
    expect(status).toBe(200);
    expect(text).not.toContain('[DONE]');
    const last = text.trim().split('\n\n').at(-1) ?? '';
    expect(JSON.parse(last.replace('data: ', '')).error).toMatchObject({ code: 'AI_STREAM_INCOMPLETE' });
    simulator.clearFaults();
    expect((await ask(server.url, 'Write a long text about tides', { stream: true })).cache).toBe('MISS');
  });

  it('numbers the error of a broken stream of responses as its next event', async () => {
    await using simulator = await createSimulator({ faults: ['cut-after=5'] });
    await using home = await createHome();
    await using server = await startServerProcess(home.path, { OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const response = await fetch(`${server.url}/v1/responses`, {
      method: 'POST',
      body: JSON.stringify({ model: 'm', input: 'Write a long text about tides', stream: true }),
    });
    const lines = (await response.text()).split('\n').filter((line) => line.startsWith('data: '));
    const events = lines.map(
      (line) => JSON.parse(line.slice(6)) as { type: string; sequence_number: number },
    );
    expect(events.at(-1)).toMatchObject({ type: 'error', code: 'AI_STREAM_INCOMPLETE' });
    expect(events.length).toBeGreaterThan(3);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual([...events.keys()]);
  });

  it('aborts the provider when the last reader leaves', async () => {
    await using simulator = await createSimulator({ faults: ['chunk-delay=50'] });
    await using home = await createHome();
    await using server = await startServerProcess(home.path, { OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const leaving = new AbortController();
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      signal: leaving.signal,
      body: JSON.stringify({
        model: 'm',
        stream: true,
        messages: [{ role: 'user', content: 'A long story' }],
      }),
    });
    await response.body?.getReader().read();
    leaving.abort();
    await expect.poll(() => simulator.stats().abortedStreams).toBe(1);
  });

  it('serves the unmodified Anthropic SDK, streamed and not, errors included', async () => {
    await using simulator = await createSimulator({ strictModels: true });
    await using home = await createHome();
    await using server = await startServerProcess(home.path, {
      ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl,
      ANTHROPIC_API_KEY: 'key',
    });
    const client = new Anthropic({ baseURL: server.url, apiKey: 'unused', maxRetries: 0 });
    const request = {
      model: 'claude-sonnet-5-5',
      max_tokens: 200,
      messages: [{ role: 'user' as const, content: 'Name a tide.' }],
    };
    const whole = await client.messages.create(request);
    const streamed = await client.messages.stream(request).finalMessage();
    expect(streamed.content).toEqual(whole.content);
    expect(simulator.stats().requests).toBe(1);
    await expect(client.messages.create({ ...request, model: 'claude-none' })).rejects.toMatchObject({
      status: 404,
      error: { type: 'error', error: { type: 'not_found_error' } },
      requestID: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    // The same model for a client of OpenAI: asked in Anthropic's own words.
    const openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'unused', maxRetries: 0 });
    const { data, response } = await openai.chat.completions
      .create({ model: 'claude-sonnet-5-5', messages: request.messages, seed: 1 })
      .withResponse();
    expect(data.choices[0]?.message.content).toBeTruthy();
    expect(response.headers.get('x-ai-toolkit-translation')).toBe('seed=omitted');
    expect(simulator.requests().at(-1)?.path).toBe('/v1/messages');
  });

  it('serves responses and embeddings, each cached', async () => {
    await using simulator = await createSimulator();
    await using home = await createHome();
    await using server = await startServerProcess(home.path, { OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'unused', maxRetries: 0 });
    for (let round = 0; round < 2; round++) {
      const answer = await client.responses.create({ model: 'gpt-4o-mini', input: 'Name a tide.' });
      expect(answer.output_text).toBeTruthy();
      const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input: 'tide' });
      expect(data[0]?.embedding.length).toBeGreaterThan(0);
    }
    expect(simulator.stats().requests).toBe(2);
  });

  it('goes on with a stream that broke off, by the id of its last event', async () => {
    await using home = await createHome();
    await using server = await startServerProcess(home.path);
    const request = (headers: Record<string, string> = {}): Promise<Response> =>
      fetch(`${server.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({
          model: 'gpt-4o-mini',
          stream: true,
          messages: [{ role: 'user', content: 'Tides' }],
        }),
      });
    const whole = await (await request()).text();
    const ids = [...whole.matchAll(/^id: (.+)$/gm)].map(([, id]) => id ?? '');
    expect(ids.length).toBeGreaterThan(3);
    const rest = await request({ 'last-event-id': ids[2] ?? '' });
    expect(rest.headers.get('x-cache')).toBe('HIT');
    expect(await rest.text()).toBe(whole.slice(whole.indexOf(`id: ${ids[3]}`)));
    const gone = await request({ 'last-event-id': 'of-another-answer.7' });
    expect(gone.status).toBe(410);
    expect(await gone.json()).toMatchObject({ error: { code: 'AI_STREAM_GONE' } });
  });
});
