import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator, type Simulator, type SimulatorOptions } from '@ai-toolkit/llm-simulator';
import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { expect, it, vi } from 'vitest';
import { ask } from './support/ask.js';
import { readJson } from './support/read-json.js';
import { createHome, type ServerProcess, startServerProcess } from './support/server-process.js';

interface Pair extends AsyncDisposable {
  readonly redis: TestRedis;
  readonly simulator: Simulator;
  readonly first: ServerProcess;
  readonly second: ServerProcess;
}

/** Two machines: servers with folders of their own, on one Redis. */
async function startPair(options: SimulatorOptions = {}): Promise<Pair> {
  const stack = new AsyncDisposableStack();
  const simulator = stack.use(await createSimulator(options));
  const redis = stack.use(await TestRedis.start());
  const start = async (): Promise<ServerProcess> => {
    const home = stack.use(await createHome());
    await writeFile(
      join(home.path, 'config.toml'),
      '[server]\nrequireKeys = true\nadminKey = "correct-horse-battery-staple"\n[prices."openai-compatible/*"]\ninputUsd = 0.15\noutputUsd = 0.6\n',
    );
    const environment = { OPENAI_BASE_URL: simulator.openaiBaseUrl, REDIS_URL: redis.url };
    return stack.use(await startServerProcess(home.path, environment));
  };
  const [first, second] = [await start(), await start()];
  return { redis, simulator, first, second, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const admin = bearer('correct-horse-battery-staple');

function bearer(secret: string): { authorization: string } {
  return { authorization: `Bearer ${secret}` };
}

async function makeKey(
  url: string,
  settings: object,
): Promise<{ readonly id: string; readonly key: string }> {
  const response = await fetch(`${url}/api/keys`, {
    method: 'POST',
    headers: { ...admin, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'team', ...settings }),
  });
  expect(response.status).toBe(201);
  return readJson(response);
}

async function spentOf(url: string, id: string): Promise<number | undefined> {
  const { keys } = await readJson<{ keys: { id: string; spending?: { spentUsd: number } }[] }>(
    fetch(`${url}/api/keys`, { headers: admin }),
  );
  return keys.find((key) => key.id === id)?.spending?.spentUsd;
}

/** Of a machine that does other things as well. */
const patience = { timeout: 15_000 };

const statusOf = async (server: ServerProcess, prompt: string, key: string, body = {}): Promise<number> =>
  (await ask(server.url, prompt, body, bearer(key))).status;

describeWithRedis('keys of servers on one Redis', { timeout: 60_000 }, () => {
  it('know the sessions that were opened at any of them, and end them with their key', async () => {
    await using pair = await startPair();
    const { id, key } = await makeKey(pair.first.url, { role: 'admin' });
    const response = await fetch(`${pair.first.url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ key }),
    });
    const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
    // Behind one address both have the same port, which is part of the cookie's name.
    const portOf = (url: string): string => new URL(url).port;
    const atSecond = cookie.replace(`-${portOf(pair.first.url)}=`, `-${portOf(pair.second.url)}=`);
    const status = async (): Promise<number> =>
      (await fetch(`${pair.second.url}/api/info`, { headers: { cookie: atSecond } })).status;
    await vi.waitFor(async () => expect(await status()).toBe(200), { timeout: 5000 });
    await fetch(`${pair.first.url}/api/keys/${id}`, { method: 'DELETE', headers: admin });
    await vi.waitFor(async () => expect(await status()).toBe(401), { timeout: 5000 });
  });

  it('are made on one and good on the other, until either revokes them', async () => {
    await using pair = await startPair();
    const { first, second } = pair;
    const { id, key } = await makeKey(first.url, { tenant: 'a' });
    expect(await statusOf(first, 'Hi', key)).toBe(200);
    await expect.poll(() => statusOf(second, 'Hi', key), patience).toBe(200);
    expect((await ask(second.url, 'Hi', {}, bearer(key))).cache).toBe('HIT');
    const revoked = await fetch(`${second.url}/api/keys/${id}`, { method: 'DELETE', headers: admin });
    expect(revoked.status).toBe(200);
    expect(await statusOf(second, 'Hi', key)).toBe(401);
    await expect.poll(() => statusOf(first, 'Hi', key), patience).toBe(401);
  });

  it('have one limit and one budget', async () => {
    // Long enough that all of the crowd below are under way together.
    await using pair = await startPair({ faults: ['delay=600'] });
    const { first, second } = pair;
    const limited = await makeKey(first.url, { requestsPerMinute: 5 });
    await expect.poll(() => statusOf(second, 'Hi', limited.key), patience).toBe(200);
    const statuses: number[] = [];
    for (let round = 0; round < 8; round++)
      statuses.push(await statusOf(round % 2 === 0 ? first : second, `call ${round}`, limited.key));
    expect(statuses).toEqual([...Array(4).fill(200), ...Array(4).fill(429)]);

    const poor = await makeKey(first.url, { budget: { usd: 0.0065, per: 'total' } });
    await expect.poll(() => statusOf(second, 'Hi', poor.key, { max_tokens: 1 }), patience).toBe(200);
    const asked = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        statusOf(index % 2 === 0 ? first : second, `dear ${index}`, poor.key, { max_tokens: 1000 }),
      ),
    );
    const served = asked.filter((status) => status === 200).length;
    // Each may cost up to $0.0006 and a little for what is asked: ten at once; one that has ended makes room.
    expect(served).toBeGreaterThan(2);
    expect(served).toBeLessThan(40);
    expect(asked.filter((status) => status === 429).length).toBe(40 - served);
    await expect.poll(() => spentOf(second.url, poor.id), { timeout: 5000 }).toBeGreaterThan(0);
    expect(await spentOf(first.url, poor.id)).toBeLessThanOrEqual(0.0065);
  });

  it('stay good when Redis is killed under load, and nobody waits for it', async () => {
    await using pair = await startPair({ faults: ['delay=20'] });
    const { redis, first, second } = pair;
    const plain = await makeKey(first.url, { requestsPerMinute: 10_000 });
    const budgeted = await makeKey(first.url, { budget: { usd: 100 } });
    for (const { key } of [plain, budgeted])
      for (const server of [first, second])
        await expect.poll(() => statusOf(server, 'Hi', key), patience).toBe(200);
    const statuses: number[] = [];
    let goesOn = true;
    const load = [first, second].flatMap((server, index) =>
      [plain, budgeted].map(async ({ key }, kind) => {
        for (let round = 0; goesOn; round++)
          statuses.push(await statusOf(server, `load ${index} ${kind} ${round}`, key, { max_tokens: 50 }));
      }),
    );
    await expect.poll(() => statuses.length, patience).toBeGreaterThan(20);
    await redis.kill();
    const before = statuses.length;
    await expect.poll(() => statuses.length, { timeout: 30_000 }).toBeGreaterThan(before + 100);
    goesOn = false;
    await Promise.all(load);
    expect(new Set(statuses)).toEqual(new Set([200]));
    // It is said, and not done by halves, what cannot be done now.
    const refused = await fetch(`${first.url}/api/keys/${plain.id}`, { method: 'DELETE', headers: admin });
    expect(refused.status).toBe(503);
    const limits = await fetch(`${first.url}/api/limits`, { headers: admin });
    expect(limits.status).toBe(200);
    expect(await limits.json()).toMatchObject({ gatewayKeys: { [plain.id]: { pressure: 'none' } } });
    expect(await statusOf(first, 'Hi', plain.key)).toBe(200);
    expect(await statusOf(first, 'Hi', `ait-${'A'.repeat(43)}`)).toBe(401);
  });
});
