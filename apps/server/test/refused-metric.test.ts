import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { createKnownKey, keysOf } from './support/keys.js';
import { connectTo, sendRaw } from './support/raw-request.js';
import { createStage, type Stage } from './support/stage.js';

const soon = { timeout: 10_000 };
const admin = 'the-admin-key-of-the-tests';
const environment = { AI_TOOLKIT_ADMIN_KEY: admin };
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });

/** How many requests were refused, by reason; without those that nobody was refused for. */
async function refusals({ url }: Stage): Promise<Record<string, number>> {
  const text = await (await fetch(`${url}/metrics`, { headers: bearer(admin) })).text();
  const counts = [...text.matchAll(/^ai_toolkit_refused_total\{reason="(\w+)"\} (\d+)$/gm)];
  expect(counts.length, 'each reason is there from the start').toBeGreaterThan(10);
  return Object.fromEntries(
    counts.map(([, reason = '', count]) => [reason, Number(count)] as const).filter(([, count]) => count > 0),
  );
}

describe('ai_toolkit_refused_total', () => {
  it('tells keys apart that are missing, unknown, revoked, expired, or of the other kind', async () => {
    await using stage = await createStage({ environment, config: '[server]\nrequireKeys = true\n' });
    const { home, url } = stage;
    const revoked = await createKnownKey(stage, { name: 'is revoked' });
    const before = (await refusals(stage)).key_rejected ?? 0;
    await using keyring = keysOf(home);
    await keyring.revoke('is revoked');
    await expect.poll(async () => (await ask(url, 'Hi', {}, bearer(revoked))).status).toBe(401);
    const afterRevoked = (await refusals(stage)).key_rejected ?? 0;
    expect(afterRevoked).toBeGreaterThan(before);
    const expired = await createKnownKey(stage, { name: 'expires', expiresAt: Date.now() + 2000 });
    await expect.poll(async () => (await ask(url, 'Hi', {}, bearer(expired))).status, soon).toBe(401);
    const since = (await refusals(stage)).key_rejected ?? 0;
    expect(since).toBeGreaterThan(afterRevoked);
    expect((await ask(url, 'Hi', {}, bearer('ait-unknown'))).status).toBe(401);
    expect((await ask(url, 'Hi')).status).toBe(401);
    expect((await fetch(`${url}/v1/models`)).status).toBe(401);
    expect((await fetch(`${url}/api/usage`)).status).toBe(401);
    expect((await ask(url, 'Hi', {}, bearer(admin))).status).toBe(403);
    expect(await refusals(stage)).toEqual({ key_rejected: since + 1, key_missing: 3, key_kind: 1 });
  });

  it('counts what a key may not have: models, requests and tokens a minute, money', async () => {
    await using stage = await createStage({ environment });
    const statusOf = async (secret: string, body = {}) =>
      (await ask(stage.url, 'Hi', body, bearer(secret))).status;
    const forModel = await createKnownKey(stage, { models: ['gpt-4o-mini'] });
    const requests = await createKnownKey(stage, { requestsPerMinute: 1 });
    const tokens = await createKnownKey(stage, { tokensPerMinute: 10 });
    const poor = await createKnownKey(stage, { budget: { usd: 1e-9, per: 'total', unpriced: 'refuse' } });
    expect(await statusOf(forModel, { model: 'gpt-4o' })).toBe(403);
    expect([await statusOf(requests), await statusOf(requests)]).toEqual([200, 429]);
    // Tokens count when an answer has ended, and those of the cache take none: so always another request.
    for (let seed = 0; (await statusOf(tokens, { seed })) !== 429; seed += 1) expect(seed).toBeLessThan(50);
    expect(await statusOf(poor)).toBe(429);
    expect(await statusOf(poor, { model: 'of-unknown-price' })).toBe(403);
    const counted = await refusals(stage);
    expect(counted).toMatchObject({ model_forbidden: 1, rate_limit: 2, budget: 1, unpriced: 1 });
    expect(counted.bad_request ?? 0).toBe(0);
  });

  it('counts what is too large, what is no request, and who comes from elsewhere', async () => {
    await using stage = await createStage({ config: '[server]\nmaxBodyBytes = 500\n' });
    const { url, server } = stage;
    expect((await ask(url, 'x'.repeat(1000))).status).toBe(413);
    const count = await fetch(`${url}/v1/messages/count_tokens`, { method: 'POST', body: 'x'.repeat(1000) });
    expect(count.status).toBe(413);
    expect((await fetch(`${url}/chat/completions`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect((await ask(url, 'Hi', {}, { 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await ask(url, 'Hi', {}, { origin: 'https://example.com' })).status).toBe(403);
    const post = (path: string, header: string, body: string): string =>
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n${header}\r\n\r\n${body}`;
    const badChunk = post('/v1/chat/completions', 'transfer-encoding: chunked', 'zz\r\n');
    expect((await sendRaw(url, badChunk)).status).toBe(400);
    const countOfNothing = await fetch(`${url}/v1/messages/count_tokens`, { method: 'POST', body: '{' });
    expect(countOfNothing.status).toBe(400);
    expect((await fetch(`${url}/v1/chat/completions`)).status).toBe(405);
    expect((await fetch(`${url}/v1/nothing`)).status).toBe(404);
    // Who leaves while the body arrives is refused nothing.
    for (const path of ['/v1/chat/completions', '/v1/messages/count_tokens']) {
      const socket = connectTo(url);
      await once(socket, 'connect');
      socket.write(post(path, 'content-length: 100', '{"model":'), () => socket.destroy());
      await once(socket, 'close');
    }
    // What fails at a provider, or is asked wrongly of the API, is no refusal.
    stage.simulator.setFaults('status=400; times=2');
    expect((await ask(url, 'Fails')).status).toBe(400);
    expect((await fetch(`${url}/api/nothing`)).status).toBe(404);
    expect(await refusals(stage)).toEqual({ body_too_large: 2, bad_request: 6, origin: 1 });
    expect(await server.end('SIGTERM')).toBe(0);
    const logged = server
      .stderr()
      .split('\n')
      .flatMap((line) => /"httpStatus":400.*"errorCode":"(\w+)"/.exec(line)?.[1] ?? []);
    expect(logged).toEqual(['BAD_REQUEST', 'AI_REQUEST_INVALID']);
  });

  it('counts who comes while there is no room, while keys cannot be read, or while it stops', async () => {
    await using stage = await createStage({
      simulator: { faults: ['chunk-delay=20'] },
      config: '[server]\nmaxConnections = 8\n',
      environment,
    });
    const { home, url, server } = stage;
    const open = Array.from({ length: 8 }, () => connectTo(url));
    await Promise.all(open.map((socket) => once(socket, 'connect')));
    const post = 'POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 2\r\n\r\n{}';
    expect((await sendRaw(url, post)).status).toBe(503);
    for (const socket of open) socket.destroy();
    await expect.poll(async () => (await refusals(stage)).connections ?? 0).toBeGreaterThan(0);

    const secret = await createKnownKey(stage);
    const file = join(home, 'keys', 'keys.sqlite');
    await writeFile(`${file}.new`, 'not a database'.repeat(1000));
    await rename(`${file}.new`, file);
    await expect.poll(async () => (await ask(url, 'Hi', {}, bearer(secret))).status, soon).toBe(503);
    expect((await refusals(stage)).keys_unavailable).toBeGreaterThan(0);

    const stream = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({
        model: 'gpt-4o-mini',
        stream: true,
        messages: [{ role: 'user', content: 'Write a long text about slow tides' }],
      }),
    });
    const ended = server.end('SIGTERM');
    await expect.poll(async () => (await fetch(`${url}/readyz`)).status).toBe(503);
    expect((await ask(url, 'Too late')).status).toBe(503);
    expect((await refusals(stage)).draining).toBe(1);
    await stream.text();
    await ended;
  });
});
