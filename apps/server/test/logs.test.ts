import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { createKey } from './support/keys.js';
import { createHome, startServerProcess } from './support/server-process.js';

const providerKey = 'sk-proj-provider-secret-abcdefghijkl';
const adminKey = 'correct-horse-battery-staple';
const prompt = 'the plans of the harbour';

type Line = Readonly<Record<string, unknown>>;

interface Session {
  readonly stderr: string;
  readonly lines: readonly Line[];
  readonly secret: string;
}

/** A server that was asked well and badly, until its end. */
async function session(environment: Record<string, string>, prompts = false): Promise<Session> {
  await using simulator = await createSimulator();
  await using home = await createHome();
  await mkdir(home.path, { recursive: true });
  await writeFile(join(home.path, 'config.toml'), `[log]\nprompts = ${prompts}\n`);
  const secret = await createKey(home.path, { tenant: 'a' });
  await using server = await startServerProcess(home.path, {
    OPENAI_BASE_URL: simulator.openaiBaseUrl,
    OPENAI_API_KEY: providerKey,
    AI_TOOLKIT_ADMIN_KEY: adminKey,
    ...environment,
  });
  const bearer = { authorization: `Bearer ${secret}` };
  await ask(server.url, prompt, {}, bearer);
  await ask(server.url, prompt, { stream: true }, bearer);
  await ask(server.url, prompt, {}, { authorization: `Bearer ait-${'A'.repeat(43)}` });
  await ask(server.url, prompt, { model: secret }, { authorization: `Bearer ${adminKey}` });
  await fetch(`${server.url}/v1/chat/completions?key=${secret}`, {
    method: 'POST',
    headers: bearer,
    body: prompt,
  });
  await fetch(`${server.url}/api/keys`, { headers: { authorization: `Bearer ${adminKey}` } });
  await fetch(`${server.url}/api/${secret}`, { headers: { authorization: `Bearer ${adminKey}` } });
  await fetch(`${server.url}/healthz`);
  expect(await server.end('SIGTERM')).toBe(0);
  const stderr = server.stderr();
  const lines = stderr
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);
  return { stderr, lines, secret };
}

describe('the log', { timeout: 60_000 }, () => {
  it('has a line for each request, with who and what and how it went', async () => {
    const { lines } = await session({});
    const calls = lines.filter(({ msg }) => msg === 'call');
    expect(calls).toMatchObject([
      {
        level: 'info',
        model: 'gpt-4o-mini',
        tenant: 'a',
        outcome: 'miss',
        status: 'ok',
        httpStatus: 200,
        attempts: 1,
      },
      { level: 'info', model: 'gpt-4o-mini', tenant: 'a', outcome: 'hit', streamed: true, attempts: 0 },
      { level: 'warn', status: 'error', errorCode: 'AI_REQUEST_INVALID' },
    ]);
    expect(calls[0]?.key).toMatch(/^[0-9a-f]{10}$/);
    expect(calls[0]?.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(lines.filter(({ msg }) => msg === 'request')).toMatchObject([
      { path: '/v1/chat/completions', httpStatus: 401, errorCode: 'KEYS_REJECTED' },
      { path: '/v1/chat/completions', httpStatus: 403, errorCode: 'KEYS_FORBIDDEN' },
      { path: '/api/keys', method: 'GET', httpStatus: 200 },
      { httpStatus: 404, errorCode: 'NOT_FOUND' },
    ]);
  });

  it.each(['trace', 'info', 'warn'])('at %s holds no key and nothing of what was asked', async (level) => {
    const { stderr, lines, secret } = await session({ AI_TOOLKIT_LOG_LEVEL: level });
    expect(lines.length).toBeGreaterThan(0);
    for (const text of [secret, providerKey, adminKey, prompt]) expect(stderr).not.toContain(text);
  });

  it('holds what was asked where it is told to, and still no key', async () => {
    const { stderr, lines, secret } = await session({ AI_TOOLKIT_WORKERS: '2' }, true);
    expect(lines.filter(({ msg }) => msg === 'prompt').length).toBeGreaterThanOrEqual(2);
    expect(stderr).toContain(prompt);
    for (const text of [secret, providerKey, adminKey]) expect(stderr).not.toContain(text);
  });

  it('is silent where it is told to be', async () => {
    expect((await session({ AI_TOOLKIT_LOG_LEVEL: 'silent' })).lines).toEqual([]);
  });
});
