import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { createKnownKey, keysOf, untilModels } from './support/keys.js';
import { readJson } from './support/read-json.js';
import { createStage, type Stage } from './support/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage({ simulator: { limits: { requestsPerMinute: 10_000 } } });
});
afterAll(() => stage[Symbol.asyncDispose]());

function get<T>(path: string, headers: Record<string, string> = {}): Promise<T> {
  return readJson<T>(fetch(stage.url + path, { headers }));
}

const version = { 'anthropic-version': '2023-06-01' };

describe('models', () => {
  it('are listed in the words of who asks, and one by one', async () => {
    const openai = await get<{ object: string; data: { id: string }[] }>('/v1/models');
    expect(openai.object).toBe('list');
    const { id = '' } = openai.data[0] ?? {};
    expect(await get(`/v1/models/${id}`)).toMatchObject({ id, object: 'model' });
    const client = new Anthropic({ baseURL: stage.url, apiKey: 'unused', maxRetries: 0 });
    const page = await client.models.list();
    expect(page.data.map((model) => model.id)).toEqual(openai.data.map((model) => model.id));
    expect(page.data[0]).toMatchObject({ type: 'model', display_name: id, created_at: expect.any(String) });
    expect(page.hasNextPage()).toBe(false);
    expect(await client.models.retrieve(id)).toMatchObject({ type: 'model', id });
    const missing = await fetch(`${stage.url}/v1/models/nobody/has-this`);
    expect(missing.status).toBe(404);
    expect(await missing.json()).toMatchObject({ error: { code: 'AI_NO_PROVIDER' } });
    const inTheirs = await fetch(`${stage.url}/v1/models/nobody`, { headers: version });
    expect(await inTheirs.json()).toMatchObject({ type: 'error', error: { type: 'not_found_error' } });
    expect(inTheirs.headers.get('request-id')).toBe(inTheirs.headers.get('x-request-id'));
  });
});

describe('count_tokens', () => {
  const body = {
    model: 'claude-haiku-5-5',
    messages: [{ role: 'user' as const, content: 'How many tokens are these?' }],
  };

  it('asks the provider, and is neither cached nor charged', async () => {
    const client = new Anthropic({ baseURL: stage.url, apiKey: 'unused', maxRetries: 0 });
    const before = stage.simulator.stats().requests;
    const { data, response } = await client.messages.countTokens(body).withResponse();
    expect(data.input_tokens).toBeGreaterThan(3);
    expect(response.headers.get('x-ai-toolkit-estimate')).toBeNull();
    expect(response.headers.get('x-cost-usd')).toBe('0');
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    await client.messages.countTokens(body);
    expect(stage.simulator.stats().requests - before).toBe(2);
    await expect(client.messages.countTokens({ ...body, messages: [] })).rejects.toMatchObject({
      status: 400,
      error: { type: 'error' },
    });
  });

  it('says that a number is an estimate where the provider cannot count', async () => {
    stage.simulator.setFaults('status=501');
    const post = (sent: unknown): Promise<Response> =>
      fetch(`${stage.url}/v1/messages/count_tokens`, { method: 'POST', body: JSON.stringify(sent) });
    const response = await post(body);
    stage.simulator.clearFaults();
    expect(response.status).toBe(200);
    expect(response.headers.get('x-ai-toolkit-estimate')).toBe('bytes/4');
    expect(await response.json()).toEqual({ input_tokens: expect.any(Number) });
    for (const wrong of [[], 'x', { messages: [] }, { model: 7 }]) {
      const refused = await post(wrong);
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
    }
  });

  it('counts as a request of its key, and is for its models alone', async () => {
    const secret = await createKnownKey(stage, {
      requestsPerMinute: 2,
      models: ['claude-*'],
      budget: { usd: 0.000001 },
    });
    const client = new Anthropic({ baseURL: stage.url, apiKey: secret, maxRetries: 0 });
    await expect(client.messages.countTokens({ ...body, model: 'gpt-4o' })).rejects.toMatchObject({
      status: 403,
    });
    await client.messages.countTokens(body);
    await client.messages.countTokens(body);
    await expect(client.messages.countTokens(body)).rejects.toBeInstanceOf(Anthropic.RateLimitError);
    await using keyring = keysOf(stage.home);
    for (const { id } of await keyring.list()) await keyring.revoke(id);
    await untilModels(stage.url, 'unused');
  });
});

interface Entries {
  readonly entries: readonly { readonly key: string; readonly tags: readonly string[] }[];
}

describe('/api/cache', () => {
  it('lists, shows, deletes and clears what is stored, and tells why a request misses', async () => {
    const url = stage.url;
    const first = await ask(url, 'Tides');
    await ask(url, 'Moons', { model: 'gpt-4o' });
    const key = first.headers.get('x-cache-key') ?? '';
    const { entries } = await get<Entries>('/api/cache/entries');
    expect(entries.map((entry) => entry.key)).toContain(key);
    const tagged = await get<Entries>('/api/cache/entries?tag=model:gpt-4o');
    expect(tagged.entries).toHaveLength(1);
    expect(await get(`/api/cache/entries/${key}`)).toMatchObject({ key, status: 'hit', answer: first.text });
    const asked = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Tides' }] };
    const explained = await readJson(
      fetch(`${url}/api/cache/explain`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ surface: 'chat', body: { ...asked, temperature: 1 }, against: key }),
      }),
    );
    expect(explained).toMatchObject({ stored: { status: 'miss' }, comparison: expect.any(Object) });
    expect(JSON.stringify(explained)).toContain('temperature');
    const remove = (path: string): Promise<Response> => fetch(url + path, { method: 'DELETE' });
    expect((await remove(`/api/cache/entries/${key}`)).status).toBe(200);
    expect((await remove(`/api/cache/entries/${key}`)).status).toBe(404);
    expect((await fetch(`${url}/api/cache/entries/${key}`)).status).toBe(404);
    expect((await fetch(`${url}/api/cache/entries/nothing`)).status).toBe(400);
    expect((await ask(url, 'Tides')).cache).toBe('MISS');
    // Neither all of them, nor a fault of ours.
    expect((await remove('/api/cache/entries?tag=')).status).toBe(400);
    await remove('/api/cache/entries?tag=model:gpt-4o');
    expect((await ask(url, 'Moons', { model: 'gpt-4o' })).cache).toBe('MISS');
    expect((await ask(url, 'Tides')).cache).toBe('HIT');
    expect((await remove('/api/cache/entries')).status).toBe(200);
    expect((await ask(url, 'Tides')).cache).toBe('MISS');
  });
});

describe('state', () => {
  it('tells limits with their queues, diagnostics and readiness', async () => {
    await ask(stage.url, 'Limits');
    const limits = await get<{ keys: Record<string, unknown>; circuits: object; gatewayKeys: object }>(
      '/api/limits',
    );
    expect(limits.keys['openai-compatible:gpt-4o-mini']).toMatchObject({
      queue: { depth: 0, expectedWaitMs: expect.any(Number) },
    });
    expect(limits.circuits).toBeTypeOf('object');
    const { checks } = await get<{ checks: { name: string; status: string }[] }>('/api/diagnostics');
    expect(checks.find(({ name }) => name === 'provider openai-compatible')?.status).toBe('ok');
    const ready = await fetch(`${stage.url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({
      status: 'ready',
      checks: expect.arrayContaining([
        { name: 'server', status: 'ok' },
        { name: 'disk cache', status: 'ok' },
        { name: 'provider openai-compatible', status: 'ok' },
      ]),
    });
  });

  it('degraded, it stays ready and says by what', async () => {
    stage.simulator.setFaults('status=500');
    for (let round = 0; round < 3; round++) await ask(stage.url, `Fails ${round}`);
    const ready = await fetch(`${stage.url}/readyz`);
    stage.simulator.clearFaults();
    expect(ready.status).toBe(200);
    const { status, checks } = await readJson<{ status: string; checks: unknown[] }>(ready);
    expect(status).toBe('degraded');
    expect(checks).toContainEqual({
      name: 'provider openai-compatible',
      status: 'degraded',
      reason: 'keeps failing',
    });
    expect(JSON.stringify(checks)).not.toContain('127.0.0.1');
  });

  it('says 405 and what would do for another method', async () => {
    for (const path of ['/v1/chat/completions', '/v1/messages', '/v1/messages/count_tokens']) {
      const response = await fetch(stage.url + path);
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
      const body = await readJson<{ type?: string }>(response);
      expect(body.type).toBe(path.startsWith('/v1/messages') ? 'error' : undefined);
    }
    const client = new OpenAI({ baseURL: `${stage.url}/v1`, apiKey: 'unused', maxRetries: 0 });
    await expect(client.files.list()).rejects.toMatchObject({ status: 404, code: 'NOT_FOUND' });
  });
});
