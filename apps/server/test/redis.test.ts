import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describeWithRedis, TestRedis } from '@ai-toolkit/processes/redis-tests';
import { expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { createKey } from './support/keys.js';
import { readJson } from './support/read-json.js';
import { createHome, type ServerProcess, startServerProcess } from './support/server-process.js';

interface Limits {
  readonly store: string;
  readonly keys: Readonly<
    Record<
      string,
      { readonly limits: { readonly requestsPerMinute?: { readonly limit: number; readonly used: number } } }
    >
  >;
}

interface Pair extends AsyncDisposable {
  readonly redis: TestRedis;
  readonly first: ServerProcess;
  readonly second: ServerProcess;
}

async function startPair(openaiBaseUrl: string): Promise<Pair> {
  const started = new AsyncDisposableStack();
  const redis = started.use(await TestRedis.start());
  const start = async (): Promise<ServerProcess> => {
    const home = started.use(await createHome());
    const environment = { OPENAI_BASE_URL: openaiBaseUrl, REDIS_URL: redis.url };
    return started.use(await startServerProcess(home.path, environment));
  };
  const [first, second] = [await start(), await start()];
  return { redis, first, second, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

describeWithRedis('servers on one Redis', () => {
  it('share answers, and go on alone when it is gone', async () => {
    await using simulator = await createSimulator();
    await using pair = await startPair(simulator.openaiBaseUrl);
    const { redis, first, second } = pair;
    expect((await ask(first.url, 'Who shares?')).cache).toBe('MISS');
    expect((await ask(second.url, 'Who shares?', { stream: true })).cache).toBe('HIT');
    expect(simulator.stats().requests).toBe(1);

    const status = async (): Promise<string> =>
      (await readJson<{ status: string }>(fetch(`${first.url}/readyz`))).status;
    expect(await status()).toBe('ready');
    await redis.kill();
    // Before any request needs it.
    await expect.poll(status).toBe('degraded');
    expect(await ask(second.url, 'Who shares?')).toMatchObject({ status: 200, cache: 'HIT' });
    expect(await ask(first.url, 'Who is alone?')).toMatchObject({ status: 200, cache: 'MISS' });
    expect(await ask(second.url, 'Who is alone?')).toMatchObject({ status: 200, cache: 'MISS' });
  });

  it('ask the provider once for what both are asked at once, and again when the one that asks is killed', async () => {
    await using simulator = await createSimulator({ faults: ['delay=1000'] });
    await using pair = await startPair(simulator.openaiBaseUrl);
    const { first, second } = pair;
    const asked = [first, second].flatMap(({ url }) =>
      Array.from({ length: 20 }, (_, index) => ask(url, 'All at once', { stream: index % 2 === 0 })),
    );
    const answers = await Promise.all(asked);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(simulator.stats().requests).toBe(1);

    const lost = ask(first.url, 'One dies').catch(() => 'lost');
    await expect.poll(() => simulator.stats().inFlight).toBe(1);
    const other = ask(second.url, 'One dies');
    await first.end('SIGKILL');
    expect(await lost).toBe('lost');
    expect(await other).toMatchObject({ status: 200, cache: 'MISS' });
  }, 60_000);

  it('count against one limit, and know what either learned', async () => {
    await using simulator = await createSimulator({ limits: { requestsPerMinute: 600 } });
    await using pair = await startPair(simulator.openaiBaseUrl);
    const { first, second } = pair;
    for (let call = 0; call < 10; call++) await ask(first.url, `call ${call}`);
    await ask(second.url, 'one more');
    const { store, keys } = await readJson<Limits>(fetch(`${second.url}/api/limits`));
    expect(store).toBe('ready');
    const { requestsPerMinute } = keys['openai-compatible:gpt-4o-mini']?.limits ?? {};
    expect(requestsPerMinute).toMatchObject({ limit: 600 });
    expect(requestsPerMinute?.used).toBeGreaterThanOrEqual(10);
  });

  it('count the requests of one key together', async () => {
    await using redis = await TestRedis.start();
    await using home = await createHome();
    const headers = { authorization: `Bearer ${await createKey(home.path, { requestsPerMinute: 6 })}` };
    await using first = await startServerProcess(home.path, { REDIS_URL: redis.url });
    await using second = await startServerProcess(home.path, { REDIS_URL: redis.url });
    const statuses: number[] = [];
    for (let round = 0; round < 12; round++) {
      const { url } = round % 2 === 0 ? first : second;
      statuses.push((await ask(url, 'Who counts?', {}, headers)).status);
    }
    expect(statuses).toEqual([...Array(6).fill(200), ...Array(6).fill(429)]);
  });

  it('start without it, and say so', async () => {
    await using home = await createHome();
    await using server = await startServerProcess(home.path, { REDIS_URL: 'redis://:secret@127.0.0.1:9' });
    expect(server.stdout()).toMatch(/warning\s+the redis cache is off/);
    expect(server.stdout()).not.toContain('secret');
    expect((await ask(server.url, 'Alone')).cache).toBe('MISS');
  });
});
