import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createSimulator, type SimulatorOptions } from '@ai-toolkit/llm-simulator';
import { describe, expect, it, vi } from 'vitest';
import { createKey, keysOf } from './support/keys.js';
import { readJson } from './support/read-json.js';
import { createHome, startServerProcess } from './support/server-process.js';

/**
 * Two tenants of one server, who send the same words. Neither may read what the other was answered, learn from a header that it was,
 * go on with the other's stream, drop the other's answers, or spend the other's money. By every route and every header.
 */

const surfaces: readonly (readonly [path: string, body: Record<string, unknown>])[] = [
  [
    '/v1/chat/completions',
    { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Our secret plan' }] },
  ],
  ['/v1/responses', { model: 'gpt-4o-mini', input: 'Our secret plan' }],
  ['/v1/embeddings', { model: 'text-embedding-3-small', input: 'Our secret plan' }],
  [
    '/v1/messages',
    { model: 'claude-haiku-4-5', max_tokens: 200, messages: [{ role: 'user', content: 'Our secret plan' }] },
  ],
];

const streamed = surfaces.filter(([path]) => path !== '/v1/embeddings');

interface Stage extends AsyncDisposable {
  readonly home: string;
  readonly url: string;
  readonly asked: () => number;
  post(secret: string, path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  readonly a: string;
  readonly b: string;
}

async function createStage(
  environment: Record<string, string> = {},
  config = '',
  options: SimulatorOptions = {},
): Promise<Stage> {
  const simulator = await createSimulator(options);
  const home = await createHome();
  await writeFile(join(home.path, 'config.toml'), config);
  const a = await createKey(home.path, { tenant: 'a' });
  const b = await createKey(home.path, { tenant: 'b' });
  const server = await startServerProcess(home.path, {
    AI_TOOLKIT_HOST: '0.0.0.0',
    OPENAI_BASE_URL: simulator.openaiBaseUrl,
    ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl,
    ANTHROPIC_API_KEY: 'sk-ant-x',
    ...environment,
  });
  return {
    home: home.path,
    url: server.url,
    a,
    b,
    asked: () => simulator.stats().requests,
    post: (secret, path, body, headers = {}) =>
      fetch(server.url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await simulator.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

const cacheHeaders = ['age', 'x-cache-ttl', 'x-cache-similarity'];

describe('a tenant', () => {
  it('learns nothing of what another was answered, by any route and any header', async () => {
    await using stage = await createStage();
    for (const [path, body] of surfaces) {
      const first = await stage.post(stage.a, path, body);
      await first.text();
      expect(first.headers.get('x-cache'), path).toBe('MISS');
      const key = first.headers.get('x-cache-key') ?? '';
      expect((await stage.post(stage.a, path, body)).headers.get('x-cache'), path).toBe('HIT');
      const tries: readonly Record<string, string>[] = [
        { 'cache-control': 'only-if-cached' },
        { 'cache-control': 'only-if-cached', 'x-cache-key': key },
        { 'cache-control': 'only-if-cached', 'x-cache-namespace': 'a' },
        {
          'cache-control': 'only-if-cached',
          'x-tenant': 'a',
          'x-ai-toolkit-tenant': 'a',
          'x-cache-pool': 'a',
        },
        { 'cache-control': 'only-if-cached, stale-if-error=86400, max-age=86400' },
        { 'cache-control': 'only-if-cached', 'x-cache-semantic': 'true' },
      ];
      for (const headers of tries) {
        const response = await stage.post(stage.b, path, body, headers);
        const said = `${path} ${JSON.stringify(headers)}`;
        expect(response.status, said).toBe(504);
        for (const name of cacheHeaders) expect(response.headers.get(name), said).toBeNull();
        expect(await response.text(), said).not.toContain(key);
      }
      const own = await stage.post(stage.b, path, body);
      await own.text();
      expect(own.headers.get('x-cache'), path).toBe('MISS');
      expect(own.headers.get('x-cache-key'), 'tells nobody that they asked the same').not.toBe(key);
      for (const name of ['age']) expect(own.headers.get(name), path).toBeNull();
    }
  });

  it('is told nothing of the account at the provider, which all share', async () => {
    const simulator = await createSimulator({ limits: { requestsPerMinute: 1000 } });
    await using stage = await createStage({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const [path, body] = surfaces[0] as (typeof surfaces)[number];
    const response = await stage.post(stage.a, path, body);
    expect(response.status).toBe(200);
    const names = [...response.headers.keys()].filter((name) => /ratelimit|organization|project/.test(name));
    expect(names).toEqual([]);
    await simulator.close();
  });

  it('does not choose which account pays for the key of the provider', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const provider = createServer((request, response) => {
      seen.push(request.headers);
      response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"no"}}');
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    const { port } = provider.address() as AddressInfo;
    await using stage = await createStage({ OPENAI_BASE_URL: `http://127.0.0.1:${port}/v1` });
    const [path, body] = surfaces[0] as (typeof surfaces)[number];
    const account = { 'openai-organization': 'org-b', 'openai-project': 'proj-b', 'openai-beta': 'x=1' };
    expect((await stage.post(stage.a, path, body, account)).status).toBe(400);
    expect(seen[0]).toMatchObject({ 'openai-beta': 'x=1' });
    expect(seen[0]).not.toHaveProperty('openai-organization');
    expect(seen[0]).not.toHaveProperty('openai-project');
    provider.close();
  });

  it('shares no call under way with another', async () => {
    await using stage = await createStage();
    for (const [path, body] of surfaces) {
      const before = stage.asked();
      const responses = await Promise.all(
        [stage.a, stage.b, stage.a, stage.b].map((secret) => stage.post(secret, path, body)),
      );
      await Promise.all(responses.map((response) => response.arrayBuffer()));
      expect(stage.asked() - before, path).toBe(2);
    }
  });

  it('cannot go on with the stream of another', async () => {
    await using stage = await createStage();
    for (const [path, body] of streamed) {
      const stream = { ...body, stream: true };
      const text = await (await stage.post(stage.a, path, stream)).text();
      const id = /^id: (\S+)$/m.exec(text)?.[1] ?? '';
      expect(id, path).not.toBe('');
      const own = await stage.post(stage.a, path, stream, { 'last-event-id': id });
      expect(own.status, path).toBe(200);
      expect((await own.text()).length).toBeLessThan(text.length);
      for (const headers of [{}, { 'x-cache-key': 'x' }, { 'x-cache-namespace': 'a' }]) {
        const other = await stage.post(stage.b, path, stream, { 'last-event-id': id, ...headers });
        expect(other.status, path).toBe(410);
        expect(await other.text(), path).not.toContain('Simulated');
      }
    }
  });

  it('drops, renews and overwrites nothing of another', async () => {
    await using stage = await createStage();
    for (const [path, body] of surfaces) {
      const kept = await (await stage.post(stage.a, path, body, { 'x-cache-key': 'mine' })).text();
      for (const headers of [
        { 'cache-control': 'no-cache' },
        { 'cache-control': 'no-store' },
        { 'x-cache-ttl': '0' },
        { 'cf-aig-skip-cache': 'true' },
        { 'x-portkey-cache-force-refresh': 'true' },
      ]) {
        const other = await stage.post(stage.b, path, body, { 'x-cache-key': 'mine', ...headers });
        await other.text();
        const still = await stage.post(stage.a, path, body, { 'x-cache-key': 'mine' });
        expect(still.headers.get('x-cache'), path).toBe('HIT');
        expect(await still.text(), path).toBe(kept);
      }
    }
  });

  it('sees no route that tells of all', async () => {
    await using stage = await createStage();
    const headers = { authorization: `Bearer ${stage.b}` };
    const routes = [
      '/metrics',
      '/api/settings',
      '/api/session',
      '/api/usage',
      '/api/usage?by=tenant',
      '/api/usage/calls',
      '/api/usage/events',
    ];
    for (const path of [
      ...routes,
      '/api/usage/calls?tenant=b',
      '/api/usage/calls/x',
      '/api/cache',
      '/api/limits',
      '/api/info',
      '/api/keys',
      '/api/cache/entries',
      `/api/cache/entries/${'0'.repeat(64)}`,
      '/api/diagnostics',
      '/api/projects',
      '/api/projects/x',
      '/api/projects/x/plan',
      '/api/projects/x/stages/1',
      '/api/projects/x/stages/1/history',
      '/api/projects/x/stages/1/diff?from=1',
      '/openapi.json',
    ])
      expect((await fetch(stage.url + path, { headers })).status, path).toBe(403);
    const options = { method: 'DELETE', headers };
    expect((await fetch(`${stage.url}/api/keys/x`, options)).status).toBe(403);
    for (const [method, path] of [
      ['DELETE', '/api/cache/entries'],
      ['DELETE', `/api/cache/entries/${'0'.repeat(64)}`],
      ['POST', '/api/cache/explain'],
      ['POST', '/api/keys'],
      ['POST', '/api/projects'],
      ['PATCH', '/api/projects/x'],
      ['DELETE', '/api/projects/x'],
      ['POST', '/api/projects/x/run'],
      ['PUT', '/api/projects/x/stages/1'],
      ['POST', '/api/projects/x/stages/1/run'],
      ['POST', '/api/projects/x/stages/1/reset'],
      ['POST', '/api/projects/x/stages/1/restore'],
    ] as const)
      expect((await fetch(stage.url + path, { method, headers, body: '{}' })).status, path).toBe(403);
  });

  it('takes nothing from the limits or the budget of another, and is named in the ledger', async () => {
    await using stage = await createStage({ AI_TOOLKIT_ADMIN_KEY: 'correct-horse-battery-staple' });
    const small = await createKey(stage.home, { tenant: 'c', requestsPerMinute: 2, budget: { usd: 0.05 } });
    const [path, body] = surfaces[3] as (typeof surfaces)[number];
    await vi.waitFor(async () => expect((await stage.post(small, path, body)).status).toBe(200));
    await stage.post(small, path, body);
    expect((await stage.post(small, path, body)).status).toBe(429);
    for (let round = 0; round < 5; round++) expect((await stage.post(stage.a, path, body)).status).toBe(200);
    const admin = { headers: { authorization: 'Bearer correct-horse-battery-staple' } };
    const report = await readJson<{ groups: { name: string; calls: number }[] }>(
      fetch(`${stage.url}/api/usage?by=tenant`, admin),
    );
    expect(Object.fromEntries(report.groups.map(({ name, calls }) => [name, calls]))).toEqual({ a: 5, c: 2 });
    await using keyring = keysOf(stage.home);
    expect((await keyring.list()).filter(({ spending }) => spending !== undefined)).toHaveLength(1);
  });
});

/** Prompts that fill more than the cache of `small`. */
const flood = 400;
const small = '[cache]\nmemoryBytes = 200000\ndiskBytes = 2000000\n';

describe('a tenant who floods the cache', () => {
  it('pushes out nothing of another, however often it asks for its own', async () => {
    await using stage = await createStage({}, small);
    const [path, body] = surfaces[0] as (typeof surfaces)[number];
    await (await stage.post(stage.a, path, body)).text();
    const asked = async (index: number): Promise<string | null> => {
      const content = `Flood ${index} [simulator-answer: tokens=1500]`;
      const response = await stage.post(stage.b, path, { ...body, messages: [{ role: 'user', content }] });
      await response.text();
      return response.headers.get('x-cache');
    };
    for (let index = 0; index < flood; index += 20) {
      const some = Array.from({ length: 20 }, (_, each) => index + each);
      await Promise.all(some.map((each) => asked(each)));
      await Promise.all(some.map((each) => asked(each)));
    }
    // The flood was one: what came first of it is gone.
    expect(await asked(0)).toBe('MISS');
    expect((await stage.post(stage.a, path, body)).headers.get('x-cache')).toBe('HIT');
  });
});

describe('headers', () => {
  it('of two tenants who ask the same tell neither of the other: key, cost, attempts and time are their own', async () => {
    await using stage = await createStage({}, '', { faults: ['delay=150'] });
    for (const [path, body] of surfaces) {
      const first = await stage.post(stage.a, path, body);
      await first.text();
      const hit = await stage.post(stage.a, path, body);
      await hit.text();
      const askedAt = performance.now();
      const other = await stage.post(stage.b, path, body);
      await other.text();
      const totalMs = performance.now() - askedAt;
      const names = (response: Response): string[] =>
        [...response.headers.keys()].filter((name) => name.startsWith('x-') || name === 'age').sort();
      // Whatever is told to the second who asks is told to the first: nothing shows that somebody has asked before.
      expect(names(other), path).toEqual(names(first));
      for (const name of ['x-cache', 'x-attempts', 'x-cost-usd'])
        expect(other.headers.get(name), `${path} ${name}`).toBe(first.headers.get(name));
      expect(other.headers.get('x-cache-key'), path).not.toBe(first.headers.get('x-cache-key'));
      expect(hit.headers.get('x-cache-key'), path).toBe(first.headers.get('x-cache-key'));
      // The provider was waited for, by the second as by the first, and is no part of it.
      expect(Number(other.headers.get('x-overhead-ms')), path).toBeLessThanOrEqual(totalMs - 150 + 2);
    }
  });

  it('of refusals tell nothing of what others have stored', async () => {
    await using stage = await createStage();
    for (const [path, body] of surfaces) {
      await (await stage.post(stage.a, path, body)).text();
      const known = await stage.post(stage.b, path, body, { 'cache-control': 'only-if-cached' });
      const unknown = await stage.post(
        stage.b,
        path,
        { ...body, temperature: 0.123, dimensions: 7 },
        { 'cache-control': 'only-if-cached' },
      );
      expect([known.status, unknown.status], path).toEqual([504, 504]);
      expect([...known.headers.keys()], path).toEqual([...unknown.headers.keys()]);
      const text = async (response: Response): Promise<string> =>
        (await response.text()).replaceAll(response.headers.get('x-request-id') ?? '-', 'ID');
      expect(await text(known), path).toBe(await text(unknown));
    }
  });
});

describe('tenants in one pool', () => {
  it('share answers, and nothing else', async () => {
    await using stage = await createStage();
    const [one, two, outside] = await Promise.all([
      createKey(stage.home, { tenant: 'one', sharedCache: 'team' }),
      createKey(stage.home, { tenant: 'two', sharedCache: 'team', requestsPerMinute: 2 }),
      createKey(stage.home, { tenant: 'team' }),
    ]);
    const [path, body] = surfaces[0] as (typeof surfaces)[number];
    const cacheOf = async (secret: string): Promise<string | null> => {
      const response = await stage.post(secret, path, body);
      await response.text();
      return response.headers.get('x-cache');
    };
    await vi.waitFor(async () => expect(await cacheOf(one)).toBe('HIT'));
    expect(await cacheOf(two)).toBe('HIT');
    expect(await cacheOf(outside)).toBe('MISS');
    expect(await cacheOf(stage.a)).toBe('MISS');
  });
});
