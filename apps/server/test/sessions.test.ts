import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyring } from '@ai-toolkit/gateway-keys';
import { describe, expect, it, vi } from 'vitest';
import { FailedLogins } from '../src/access/failed-logins.js';
import { createSessions, sessionMs } from '../src/access/sessions.js';
import { ask } from './support/ask.js';
import { createKey, keysOf } from './support/keys.js';
import { readJson } from './support/read-json.js';
import { createHome, startServerProcess } from './support/server-process.js';

const json = { 'content-type': 'application/json' };
const adminKey = 'correct-horse-battery-staple';

function logIn(url: string, key: string, headers: Record<string, string> = {}): Promise<Response> {
  const body = JSON.stringify({ key });
  return fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { ...json, connection: 'close', ...headers },
    body,
  });
}

/** Logs in, and has the cookie as the browser sends it back. */
async function cookieFor(url: string, key: string): Promise<string> {
  const response = await logIn(url, key);
  expect(response.status).toBe(200);
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}

async function statusOf(url: string, cookie: string, headers: Record<string, string> = {}): Promise<number> {
  return (await fetch(`${url}/api/info`, { headers: { cookie, connection: 'close', ...headers } })).status;
}

describe('a session', () => {
  it('stands for the admin key that it was opened with, and is a secret of the browser', async () => {
    await using home = await createHome();
    const made = await createKey(home.path, { role: 'admin', name: 'Ada' });
    const gatewayKey = await createKey(home.path);
    await using server = await startServerProcess(home.path, { AI_TOOLKIT_ADMIN_KEY: adminKey });
    for (const [key, keyName] of [
      [made, 'Ada'],
      [adminKey, 'the admin key of the configuration'],
    ] as const) {
      const response = await logIn(server.url, key);
      const header = response.headers.get('set-cookie') ?? '';
      const { port } = new URL(server.url);
      const attributes = 'Path=/; Max-Age=43[12]\\d\\d; HttpOnly; SameSite=Strict';
      expect(header).toMatch(new RegExp(`^ai-toolkit-session-${port}=[\\w.-]+; ${attributes}$`));
      const answer = await response.text();
      const [cookie = ''] = header.split(';');
      for (const told of [answer, header]) expect(told).not.toContain(key.slice(4));
      expect(answer).not.toContain(cookie.slice(cookie.indexOf('=') + 1));
      expect(await statusOf(server.url, `a=b; ${cookie}; c=d`)).toBe(200);
      const { session } = await readJson<{ session: unknown }>(
        fetch(`${server.url}/api/session`, { headers: { cookie } }),
      );
      expect(session).toMatchObject({ keyName, expiresAt: expect.any(Number) });
      // It is for looking at the server; models are asked with a key of theirs.
      expect((await ask(server.url, 'Hi', {}, { cookie })).status).toBe(200);
      expect(await statusOf(server.url, `${cookie.slice(0, -2)}xx`)).toBe(401);
      expect(await statusOf(server.url, cookie.replace(`-${port}=`, '='))).toBe(401);
    }
    expect(await statusOf(server.url, '')).toBe(401);
    expect((await logIn(server.url, gatewayKey)).status).toBe(401);
    expect(server.stdout() + server.stderr()).not.toContain(made.slice(4));
  });

  it('is marked for TLS alone where the browser came by it', async () => {
    await using home = await createHome();
    const key = await createKey(home.path, { role: 'admin' });
    await createKey(home.path);
    await using server = await startServerProcess(home.path, { AI_TOOLKIT_HOST: '0.0.0.0' });
    // What stands in front speaks TLS, and passes on the name that the browser asked for.
    const { port } = new URL(server.url);
    const header = await new Promise<string>((resolve, reject) => {
      const headers = { ...json, host: 'ai.example', origin: 'https://ai.example' };
      const path = '/api/session';
      const sent = request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
        resolve(String(response.headers['set-cookie']));
        response.resume();
      });
      sent.on('error', reject);
      sent.end(JSON.stringify({ key }));
    });
    expect(header).toMatch(/^ai-toolkit-session=.*; Secure$/);
  });

  it('is of no use to pages of other sites', async () => {
    await using home = await createHome();
    await createKey(home.path);
    const key = await createKey(home.path, { role: 'admin' });
    await using server = await startServerProcess(home.path, { AI_TOOLKIT_HOST: '0.0.0.0' });
    const url = server.url.replace('0.0.0.0', '127.0.0.1');
    const cookie = await cookieFor(url, key);
    const evil = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of evil) {
      expect(await statusOf(url, cookie, headers)).toBe(403);
      expect((await logIn(url, key, headers)).status, 'to log somebody in').toBe(403);
      const out = await fetch(`${url}/api/session`, { method: 'DELETE', headers: { cookie, ...headers } });
      expect(out.status, 'to log somebody out').toBe(403);
    }
    expect(await statusOf(url, cookie, { origin: url, 'sec-fetch-site': 'same-origin' })).toBe(200);
  });

  it('ends with its key, within a second, and lives through a restart', async () => {
    await using home = await createHome();
    const key = await createKey(home.path, { role: 'admin', name: 'one' });
    const other = await createKey(home.path, { role: 'admin', name: 'two' });
    const port = await (async () => {
      await using server = await startServerProcess(home.path, { AI_TOOLKIT_ADMIN_KEY: adminKey });
      return new URL(server.url).port;
    })();
    const environment = { AI_TOOLKIT_ADMIN_KEY: adminKey, AI_TOOLKIT_PORT: port };
    const cookies = await (async () => {
      await using server = await startServerProcess(home.path, environment);
      return await Promise.all([key, other, adminKey].map((secret) => cookieFor(server.url, secret)));
    })();
    const [ofOne = '', ofTwo = '', ofConfig = ''] = cookies;
    {
      await using server = await startServerProcess(home.path, environment);
      for (const cookie of cookies) expect(await statusOf(server.url, cookie)).toBe(200);
      await using keyring = keysOf(home.path);
      await keyring.revoke('one');
      await vi.waitFor(async () => expect(await statusOf(server.url, ofOne)).toBe(401), { timeout: 1000 });
      expect(await statusOf(server.url, ofTwo)).toBe(200);
    }
    const changed = { ...environment, AI_TOOLKIT_ADMIN_KEY: 'another-horse-another-staple' };
    await using server = await startServerProcess(home.path, changed);
    expect(await statusOf(server.url, ofConfig)).toBe(401);
    expect(await statusOf(server.url, ofTwo)).toBe(200);
  });

  it('is known to every worker', async () => {
    await using home = await createHome();
    const key = await createKey(home.path, { role: 'admin' });
    await using server = await startServerProcess(home.path, { AI_TOOLKIT_WORKERS: '2' });
    const cookie = await cookieFor(server.url, key);
    // Each is on a connection of its own, which the system deals out.
    for (let round = 0; round < 12; round += 1) expect(await statusOf(server.url, cookie)).toBe(200);
  });

  it('is ended by logging out', async () => {
    await using home = await createHome();
    const key = await createKey(home.path, { role: 'admin' });
    await using server = await startServerProcess(home.path);
    const cookie = await cookieFor(server.url, key);
    const out = await fetch(`${server.url}/api/session`, { method: 'DELETE', headers: { cookie } });
    expect(out.status).toBe(200);
    expect(out.headers.get('set-cookie')).toMatch(/^ai-toolkit-session-\d+=; Path=\/; Max-Age=0;/);
  });

  it('cannot be guessed at quickly, and the right key is no exception', async () => {
    await using home = await createHome();
    const key = await createKey(home.path, { role: 'admin' });
    await using server = await startServerProcess(home.path);
    for (let guess = 0; guess < 10; guess += 1)
      expect((await logIn(server.url, `ait-${String(guess).padEnd(43, 'A')}`)).status).toBe(401);
    const refused = await logIn(server.url, key);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const { error } = await readJson<{ error: { code: string; message: string } }>(refused);
    expect(error).toMatchObject({
      code: 'KEYS_RATE_LIMITED',
      message: expect.stringContaining('Try again in'),
    });
    expect(
      (await fetch(`${server.url}/api/info`, { headers: { authorization: `Bearer ${key}` } })).status,
    ).toBe(200);
  });

  it('has no more attempts for an address on a server with workers', async () => {
    await using home = await createHome();
    await createKey(home.path, { role: 'admin' });
    await using server = await startServerProcess(home.path, { AI_TOOLKIT_WORKERS: '2' });
    const statuses: number[] = [];
    for (let guess = 0; guess < 12; guess += 1)
      statuses.push((await logIn(server.url, `ait-${String(guess).padEnd(43, 'A')}`)).status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(10);
    expect(statuses).toContain(429);
  });

  it('takes a body that is a login and nothing else', async () => {
    await using home = await createHome();
    await createKey(home.path, { role: 'admin' });
    await using server = await startServerProcess(home.path);
    const post = (body: string): Promise<Response> =>
      fetch(`${server.url}/api/session`, { method: 'POST', headers: json, body });
    for (const body of ['{}', '[]', '{"key":""}', '{"key":"x","name":"y"}', 'x'])
      expect((await post(body)).status, body).toBe(400);
    expect((await post(JSON.stringify({ key: 'x'.repeat(5000) }))).status).toBe(413);
  });
});

describe('the tokens of sessions', () => {
  it('end after their time, or with that of their key', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-sessions-'));
    let now = Date.now();
    await using keyring = createKeyring({ path: join(folder, 'keys.sqlite'), clock: () => now });
    const isAdminKey = (): boolean => false;
    const sessions = createSessions({ keyring, adminKey: undefined, isAdminKey, clock: () => now });
    const lasting = sessions.open((await keyring.create({ name: 'a', role: 'admin' })).secret);
    const brief = sessions.open(
      (await keyring.create({ name: 'b', role: 'admin', expiresAt: now + 1000 })).secret,
    );
    if (lasting === undefined || brief === undefined) throw new Error('No session was opened');
    expect(sessions.open((await keyring.create({ name: 'c' })).secret), 'a gateway key').toBeUndefined();
    expect(lasting.expiresAt).toBe(now + sessionMs);
    expect(brief.expiresAt).toBe(now + 1000);
    // Neither the key nor the end can be written over, and no other text is one.
    const [id, end, signature] = lasting.token.split('.') as [string, string, string];
    const forged = [`${id}.${Number(end) + 1}.${signature}`, `${brief.keyId}.${end}.${signature}`];
    for (const token of [...forged, '', '..', lasting.token.slice(1), `${lasting.token}x`, `${id}.${end}.`])
      expect(sessions.read(token), token).toBeUndefined();
    expect(sessions.read(lasting.token)).toMatchObject({ keyName: 'a' });
    now += 1000;
    expect(sessions.read(brief.token)).toBeUndefined();
    now += sessionMs - 1000;
    expect(sessions.read(lasting.token)).toBeUndefined();
    await rm(folder, { recursive: true, force: true });
  });
});

describe('failed logins', () => {
  it('are counted for each address, for a minute', () => {
    let now = 0;
    const failed = new FailedLogins(1, () => now);
    for (let time = 0; time < 10; time += 1) {
      expect(failed.waitMs('a')).toBe(0);
      failed.note('a');
      now += 1000;
    }
    expect(failed.waitMs('a')).toBe(50_000);
    expect(failed.waitMs('b')).toBe(0);
    now = 60_000;
    expect(failed.waitMs('a')).toBe(0);
    failed.note('a');
    expect(failed.waitMs('a')).toBe(0);
  });

  it('are as many for all workers together, and at least one for each', () => {
    for (const [workers, allowed] of [
      [2, 5],
      [4, 3],
      [64, 1],
    ] as const) {
      const failed = new FailedLogins(workers, () => 0);
      for (let time = 0; time < allowed; time += 1) {
        expect(failed.waitMs('a'), `${workers} workers`).toBe(0);
        failed.note('a');
      }
      expect(failed.waitMs('a'), `${workers} workers`).toBe(60_000);
    }
  });

  it('are not remembered of more addresses than there is room for', () => {
    const failed = new FailedLogins(1, () => 0);
    for (let time = 0; time < 10; time += 1) failed.note('first');
    for (let address = 0; address < 9_999; address += 1) failed.note(String(address));
    expect(failed.waitMs('first')).toBe(60_000);
    failed.note('one more');
    expect(failed.waitMs('first')).toBe(0);
  });
});
