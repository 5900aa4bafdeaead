import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it, vi } from 'vitest';
import { ask } from './support/ask.js';
import { createKey, keysOf } from './support/keys.js';
import { readJson } from './support/read-json.js';
import { createHome, spawnServer, startServerProcess } from './support/server-process.js';

const required = { AI_TOOLKIT_HOST: '0.0.0.0' };
const wrong = `ait-${'A'.repeat(43)}`;

function bearer(secret: string): { authorization: string } {
  return { authorization: `Bearer ${secret}` };
}

describe('keys', () => {
  it('are a condition for any address that others can reach, and the refusal says how to make one', async () => {
    await using home = await createHome();
    const refused = spawnServer(home.path, required);
    const code = await new Promise((resolve) => refused.on('close', resolve));
    expect(code).toBe(1);
    expect(refused.output.stderr).toContain('ai-toolkit keys create');
    await createKey(home.path, { role: 'admin' });
    const stillRefused = spawnServer(home.path, required);
    expect(await new Promise((resolve) => stillRefused.on('close', resolve))).toBe(1);
    const secret = await createKey(home.path);
    await using server = await startServerProcess(home.path, required);
    expect((await ask(server.url, 'Hi')).status).toBe(401);
    expect((await ask(server.url, 'Hi', {}, bearer(secret))).status).toBe(200);
  });

  it('are not needed on a loopback address, and checked when one is sent', async () => {
    await using home = await createHome();
    await using server = await startServerProcess(home.path);
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await ask(server.url, 'Hi', {}, headers)).status;
    expect(await status({})).toBe(200);
    expect(await status(bearer('unused')), 'an SDK must send something').toBe(200);
    expect(await status(bearer(wrong))).toBe(401);
    const secret = await createKey(home.path);
    await vi.waitFor(async () => expect(await status(bearer(secret))).toBe(200));
    expect(await status({})).toBe(200);
    await vi.waitFor(async () => expect(await status(bearer('unused'))).toBe(401));
  });

  it('are checked again when a body took long to arrive', async () => {
    await using home = await createHome();
    const secret = await createKey(home.path);
    await using server = await startServerProcess(home.path, required);
    const body = JSON.stringify({ model: 'sim', messages: [{ role: 'user', content: 'Hi' }] });
    const headers = { ...bearer(secret), 'content-type': 'application/json', 'content-length': body.length };
    const sent = request(`${server.url}/v1/chat/completions`, { method: 'POST', headers });
    const answered = once(sent, 'response');
    sent.write(body.slice(0, -1));
    await using keyring = keysOf(home.path);
    for (const { id } of await keyring.list()) await keyring.revoke(id);
    await vi.waitFor(async () => expect((await ask(server.url, 'Hi', {}, bearer(secret))).status).toBe(401));
    await setTimeout(1100);
    sent.end(body.slice(-1));
    const [response] = (await answered) as [IncomingMessage];
    expect(response.resume().statusCode).toBe(401);
  });

  it('come in every header of the SDKs, and go to no provider', async () => {
    await using simulator = await createSimulator();
    await using home = await createHome();
    const secret = await createKey(home.path);
    const providers = {
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
      OPENAI_API_KEY: 'sk-of-the-provider',
      ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl,
      ANTHROPIC_API_KEY: 'sk-ant-of-the-provider',
    };
    await using server = await startServerProcess(home.path, { ...required, ...providers });
    for (const headers of [bearer(secret), { 'x-api-key': secret }, { 'api-key': secret }])
      expect((await ask(server.url, JSON.stringify(headers).slice(0, 12), {}, headers)).status).toBe(200);
    const openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: secret, maxRetries: 0 });
    const message = { role: 'user' as const, content: 'Name a tide.' };
    await openai.chat.completions.create({ model: 'gpt-4o-mini', messages: [message] });
    const anthropic = new Anthropic({ baseURL: server.url, apiKey: secret, maxRetries: 0 });
    const request = { model: 'claude-haiku-4-5', max_tokens: 50, messages: [message] };
    await anthropic.messages.create(request);
    const seen = JSON.stringify(
      await readJson(fetch(new URL('/simulator/requests', simulator.openaiBaseUrl))),
    );
    expect(seen).not.toContain(secret.slice(4, 20));
    expect(server.stdout() + server.stderr()).not.toContain(secret.slice(4, 20));
    const stranger = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: wrong, maxRetries: 0 });
    await expect(stranger.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    const other = new Anthropic({ baseURL: server.url, apiKey: wrong, maxRetries: 0 });
    await expect(other.messages.create(request)).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
  });

  it('are refused in the same words, whatever is wrong with them', async () => {
    await using home = await createHome();
    const valid = await createKey(home.path);
    const expired = await createKey(home.path, { expiresAt: Date.now() + 500 });
    const revoked = await createKey(home.path, { name: 'gone' });
    await using keyring = keysOf(home.path);
    await keyring.revoke('gone');
    await using server = await startServerProcess(home.path, required);
    await vi.waitFor(() => expect(keyring.verify(expired)).toBeUndefined());
    const said = new Set<string>();
    for (const path of ['/v1/chat/completions', '/v1/messages', '/v1/responses', '/v1/embeddings']) {
      for (const headers of [
        {},
        { authorization: `Basic ${Buffer.from(`me:${valid}`).toString('base64')}` },
        bearer(wrong),
        bearer(expired),
        bearer(revoked),
        bearer('sk-x'),
        { authorization: 'x' },
      ]) {
        const init = { method: 'POST', headers: headers as Record<string, string>, body: '{}' };
        const response = await fetch(server.url + path, init);
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toBe('Bearer');
        const body = await readJson<Record<string, unknown>>(response);
        said.add(JSON.stringify(body).replaceAll(response.headers.get('x-request-id') ?? '', ''));
        expect(body).toMatchObject(
          path === '/v1/messages'
            ? { type: 'error', error: { type: 'authentication_error' } }
            : { error: { type: 'authentication_error', code: 'KEYS_REJECTED' } },
        );
      }
    }
    expect(said.size, 'one for each wire format').toBe(2);
  });

  it('are refused so that a client with a long request hears of it', async () => {
    await using home = await createHome();
    await createKey(home.path);
    await using server = await startServerProcess(home.path, required);
    for (const path of ['/v1/chat/completions', '/v1/nothing', '/api/keys']) {
      const init = { method: 'POST', headers: bearer(wrong), body: 'x'.repeat(8 * 1024 * 1024) };
      for (let round = 0; round < 3; round++) expect((await fetch(server.url + path, init)).status).toBe(401);
    }
  });

  it('take effect in a running server within a second, and end so', async () => {
    await using home = await createHome();
    await createKey(home.path);
    await using server = await startServerProcess(home.path, required);
    const secret = await createKey(home.path, { name: 'late' });
    const status = async (): Promise<number> => (await ask(server.url, 'Hi', {}, bearer(secret))).status;
    await vi.waitFor(async () => expect(await status()).toBe(200), { timeout: 1000, interval: 50 });
    await using keyring = keysOf(home.path);
    await keyring.revoke('late');
    await vi.waitFor(async () => expect(await status()).toBe(401), { timeout: 1000, interval: 50 });
  });

  it('are for the models that they name, and see no other', async () => {
    await using simulator = await createSimulator();
    await using home = await createHome();
    const secret = await createKey(home.path, { models: ['gpt-4o-mini', 'text-*'] });
    await using server = await startServerProcess(home.path, {
      ...required,
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
    });
    const openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: secret, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'Name a tide.' }];
    await openai.chat.completions.create({ model: 'gpt-4o-mini', messages });
    await openai.embeddings.create({ model: 'text-embedding-3-small', input: 'tide' });
    for (const model of ['gpt-4o', 'openai/gpt-4o-mini', 'no-such-model']) {
      const denied = openai.chat.completions.create({ model, messages });
      await expect(denied).rejects.toMatchObject({ status: 403, code: 'KEYS_MODEL_FORBIDDEN' });
    }
    const twice = '{"model":"gpt-4o-mini","model":"gpt-4o","messages":[]}';
    const init = { method: 'POST', headers: bearer(secret), body: twice };
    expect((await fetch(`${server.url}/v1/chat/completions`, init)).status).toBe(403);
    expect(simulator.stats().requests).toBe(2);
    const offered = (await openai.models.list()).data.map(({ id }) => id);
    expect(offered).toContain('gpt-4o-mini');
    expect(offered).not.toContain('gpt-4o');
  });

  it('let nobody in while they cannot be checked', async () => {
    await using home = await createHome();
    const secret = await createKey(home.path);
    await using server = await startServerProcess(home.path, required);
    await writeFile(join(home.path, 'keys', 'keys.sqlite.new'), 'not a database'.repeat(1000));
    await rename(join(home.path, 'keys', 'keys.sqlite.new'), join(home.path, 'keys', 'keys.sqlite'));
    await vi.waitFor(async () => {
      const { status, text } = await ask(server.url, 'Hi', {}, bearer(secret));
      expect(status).toBe(503);
      expect(text).not.toContain(home.path);
    });
  });
});

describe('the admin key', () => {
  const adminKey = 'correct-horse-battery-staple';

  it.each([
    ['loopback', {}],
    ['another address', required],
  ])('guards all but models on %s, once there is one', async (_where, environment) => {
    await using home = await createHome();
    const gatewayKey = await createKey(home.path);
    const made = await createKey(home.path, { role: 'admin' });
    await using server = await startServerProcess(home.path, {
      ...environment,
      AI_TOOLKIT_ADMIN_KEY: adminKey,
    });
    const basic = (secret: string): string => `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`;
    for (const path of [
      '/openapi.json',
      '/metrics',
      '/api/usage',
      '/api/usage/calls',
      '/api/cache',
      '/api/limits',
      '/api/info',
      '/api/keys',
      '/%61pi/usage',
      '/api/nothing',
    ]) {
      const status = async (headers: Record<string, string>): Promise<number> =>
        (await fetch(server.url + path, { headers })).status;
      expect(await status({}), path).toBe(401);
      expect(await status(bearer(wrong)), path).toBe(401);
      expect(await status(bearer(gatewayKey)), path).toBe(403);
      for (const secret of [adminKey, made]) {
        for (const headers of [bearer(secret), { 'x-api-key': secret }, { authorization: basic(secret) }])
          expect([200, 404], path).toContain(await status(headers));
        const forged = { authorization: basic(secret), origin: 'https://evil.example' };
        expect(await status(forged), path).toBe(403);
      }
    }
    for (const secret of [adminKey, made])
      expect((await ask(server.url, 'Hi', {}, bearer(secret))).status, 'asks no model').toBe(403);
    // The page asks for the key itself: a browser that asked before it would do so for each of its requests.
    expect((await fetch(`${server.url}/api/info`)).headers.get('www-authenticate')).toBe('Bearer');
    for (const path of ['/healthz', '/readyz', '/'])
      expect((await fetch(server.url + path)).status).toBe(200);
  });

  it('makes, lists and revokes keys over HTTP, and sees a key itself once', async () => {
    await using home = await createHome();
    await using server = await startServerProcess(home.path, { AI_TOOLKIT_ADMIN_KEY: adminKey });
    const call = (method: string, path = '', body?: unknown): Promise<Response> =>
      fetch(`${server.url}/api/keys${path}`, {
        method,
        headers: {
          ...bearer(adminKey),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const response = await call('POST', '', { name: 'Web', tenant: 'web', budget: { usd: 5, per: 'day' } });
    expect(response.status).toBe(201);
    const { key: secret, id } = await readJson<{ key: string; id: string }>(response);
    expect((await ask(server.url, 'Hi', {}, bearer(secret))).status).toBe(200);
    const list = await (await call('GET')).text();
    expect(list).not.toContain(secret.slice(4));
    expect(JSON.parse(list)).toMatchObject({
      keys: [{ id, name: 'Web', tenant: 'web', budget: { usd: 5, per: 'day' }, spending: { spentUsd: 0 } }],
    });
    expect(await readJson(call('DELETE', `/${id}`))).toMatchObject({ id, revokedAt: expect.any(Number) });
    expect((await ask(server.url, 'Hi', {}, bearer(secret))).status, 'at once').toBe(401);
    expect((await call('DELETE', `/${id}`)).status).toBe(404);
    for (const body of [
      {},
      [],
      { name: 'x', requestPerMinute: 5 },
      { name: 'x', requestsPerMinute: '5' },
      { name: 'x', budget: 5 },
    ]) {
      const refused = await call('POST', '', body);
      expect(refused.status, JSON.stringify(body)).toBe(400);
    }
  });
});
