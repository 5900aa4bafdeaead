import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator, type Simulator, type SimulatorOptions } from '@ai-toolkit/llm-simulator';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it, vi } from 'vitest';
import { ask } from './support/ask.js';
import { createKey, keysOf } from './support/keys.js';
import { readJson } from './support/read-json.js';
import { createHome, type ServerProcess, startServerProcess } from './support/server-process.js';

interface Stage extends AsyncDisposable {
  readonly home: string;
  readonly simulator: Simulator;
  readonly server: ServerProcess;
  restart(): Promise<ServerProcess>;
}

async function createStage(options: SimulatorOptions = {}, config = ''): Promise<Stage> {
  const simulator = await createSimulator(options);
  const home = await createHome();
  // Nobody knows the prices of a server that only speaks as OpenAI's does.
  await writeFile(
    join(home.path, 'config.toml'),
    `${config}[prices."openai-compatible/gpt-4o-mini"]\ninputUsd = 0.15\noutputUsd = 0.6\n`,
  );
  const start = (): Promise<ServerProcess> =>
    startServerProcess(home.path, {
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
      ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl,
      ANTHROPIC_API_KEY: 'sk-ant-x',
    });
  const server = await start();
  return {
    home: home.path,
    simulator,
    server,
    restart: start,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await simulator.close();
      await home[Symbol.asyncDispose]();
    },
  };
}

type Queues = Readonly<Record<string, { readonly queue: { readonly depth: number } }>>;

interface Limits {
  readonly keys: Queues;
  readonly gatewayKeys: Queues;
}

function bearer(secret: string): { authorization: string } {
  return { authorization: `Bearer ${secret}` };
}

/** What the key has spent, once nothing is under way any more. */
async function spentBy(home: string): Promise<number> {
  await using keyring = keysOf(home);
  return await vi.waitFor(async () => {
    const { spending } = (await keyring.list()).find(({ budget }) => budget !== undefined) ?? {};
    expect(spending?.heldUsd).toBeCloseTo(0, 9);
    return spending?.spentUsd ?? Number.NaN;
  }, 8000);
}

interface Queue extends AsyncDisposable {
  readonly answer: Promise<Response>;
  readonly leave: AbortController;
  readonly depth: () => Promise<number | undefined>;
}

/** A request that waits for the limits of its key. */
async function waitInQueue({ home, server }: Stage): Promise<Queue> {
  const headers = bearer(await createKey(home, { requestsPerMinute: 1 }));
  await vi.waitFor(async () => expect((await ask(server.url, 'Tides', {}, headers)).status).toBe(200));
  const servedAt = Date.now();
  // A minute is counted in seconds, of which the first has to be over: nobody may wait for longer than a minute.
  await expect.poll(() => Date.now(), { timeout: 5000 }).toBeGreaterThan(servedAt + 1500);
  const depth = async (): Promise<number | undefined> => {
    const { gatewayKeys } = await readJson<Limits>(fetch(`${server.url}/api/limits`));
    return Object.values(gatewayKeys)[0]?.queue.depth;
  };
  const leave = new AbortController();
  const answer = fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers,
    signal: leave.signal,
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Moons' }] }),
  });
  await vi.waitFor(async () => expect(await depth()).toBe(1));
  return {
    answer,
    leave,
    depth,
    async [Symbol.asyncDispose]() {
      leave.abort();
      await answer.catch(() => undefined);
    },
  };
}

const perInput = 0.15e-6;
const perOutput = 0.6e-6;

describe('limits of a key', () => {
  it('count each request, hits as well, and tell when to come back', async () => {
    await using stage = await createStage();
    const headers = bearer(await createKey(stage.home, { requestsPerMinute: 3, tokensPerMinute: 100_000 }));
    const url = stage.server.url;
    const first = await ask(url, 'Tides', {}, headers);
    expect(first.headers.get('x-ratelimit-limit-requests')).toBe('3');
    expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('2');
    expect((await ask(url, 'Tides', {}, headers)).cache).toBe('HIT');
    await ask(url, 'Tides', { stream: true }, headers);
    const refused = await ask(url, 'Tides', {}, headers);
    expect(refused.status).toBe(429);
    expect(JSON.parse(refused.text).error).toMatchObject({
      type: 'rate_limit_error',
      code: 'KEYS_RATE_LIMITED',
    });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(61);
    expect(
      Object.fromEntries([...refused.headers].filter(([name]) => name.startsWith('x-ratelimit'))),
    ).toEqual({
      'x-ratelimit-limit-requests': '3',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': expect.stringMatching(/^\d+(\.\d)?m?s$/),
      'x-ratelimit-limit-tokens': '100000',
      'x-ratelimit-remaining-tokens': expect.stringMatching(/^\d+$/),
      'x-ratelimit-reset-tokens': expect.stringMatching(/^\d+(\.\d)?m?s$/),
    });
    expect(stage.simulator.stats().requests).toBe(1);
    const anthropic = new Anthropic({ baseURL: url, apiKey: headers.authorization.slice(7), maxRetries: 0 });
    const message = { role: 'user' as const, content: 'x' };
    await expect(
      anthropic.messages.create({ model: 'claude-haiku-4-5', max_tokens: 5, messages: [message] }),
    ).rejects.toBeInstanceOf(Anthropic.RateLimitError);
  });

  it('tell the same wait everywhere, and none in a queue where it is the budget that refuses', async () => {
    await using stage = await createStage();
    const headers = bearer(
      await createKey(stage.home, { requestsPerMinute: 2, budget: { usd: 0.001, per: 'day' } }),
    );
    const poor = await ask(stage.server.url, 'Tides', { max_tokens: 10_000 }, headers);
    expect(JSON.parse(poor.text).error.code).toBe('insufficient_quota');
    for (const name of ['x-queue-position', 'x-queue-wait-ms']) expect(poor.headers.has(name)).toBe(false);
    const refused = await vi.waitFor(async () => {
      const answer = await ask(stage.server.url, 'Tides', { max_tokens: 10 }, headers);
      expect(answer.status).toBe(429);
      return answer;
    });
    const waitMs = Number(refused.headers.get('x-queue-wait-ms'));
    expect(Number(refused.headers.get('retry-after'))).toBe(Math.ceil(waitMs / 1000));
    expect(refused.headers.get('x-queue-position')).toBe('0');
  });

  it('keep no place for who leaves the queue', async () => {
    await using stage = await createStage({}, '[server]\nkeyQueueMs = 60000\n');
    await using queue = await waitInQueue(stage);
    queue.leave.abort();
    await expect(queue.answer).rejects.toThrow();
    await vi.waitFor(async () => expect(await queue.depth()).toBe(0));
    await stage.server.end('SIGTERM');
    expect(stage.server.stderr()).not.toContain('AI_INTERNAL');
  });

  it('tell who waits for them that the server stops', async () => {
    await using stage = await createStage({}, '[server]\nkeyQueueMs = 60000\ndrainMs = 500\n');
    await using queue = await waitInQueue(stage);
    const [exit, answer] = await Promise.all([stage.server.end('SIGTERM'), queue.answer]);
    expect([exit, answer.status, answer.headers.get('retry-after')]).toEqual([0, 503, '1']);
    expect(await readJson(answer)).toMatchObject({ error: { code: 'AI_CLOSED' } });
  });

  it('count the tokens that the provider charged', async () => {
    await using stage = await createStage();
    const headers = bearer(await createKey(stage.home, { tokensPerMinute: 3000 }));
    const { text } = await ask(stage.server.url, 'Tides', {}, headers);
    const { total_tokens } = JSON.parse(text).usage;
    const hit = await ask(stage.server.url, 'Tides', {}, headers);
    const left = Number(hit.headers.get('x-ratelimit-remaining-tokens'));
    const after = await ask(stage.server.url, 'Tides', {}, headers);
    expect(Number(after.headers.get('x-ratelimit-remaining-tokens'))).toBe(left);
    expect(left).toBeLessThanOrEqual(3000 - total_tokens);
  });

  it('hold against a burst of requests that are larger than those before', async () => {
    await using stage = await createStage({ faults: ['delay=1500'] });
    const headers = bearer(await createKey(stage.home, { tokensPerMinute: 10_000 }));
    expect((await ask(stage.server.url, 'Tides', { max_tokens: 5 }, headers)).status).toBe(200);
    const burst = Array.from({ length: 20 }, (_, index) =>
      ask(stage.server.url, `${index} ${'tide '.repeat(2400)}`, { max_tokens: 5 }, headers),
    );
    const statuses = (await Promise.all(burst)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(3);
  });
});

describe('the budget of a key', () => {
  it('is never crossed, however many ask at once, and all that is left of it can be spent', async () => {
    await using stage = await createStage();
    const usd = 0.001;
    const headers = bearer(await createKey(stage.home, { budget: { usd, per: 'total' } }));
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        ask(stage.server.url, `Question ${index}`, { max_tokens: 100 }, headers),
      ),
    );
    const ok = results.filter(({ status }) => status === 200);
    expect(ok.length).toBeGreaterThan(5);
    const { input, output } = stage.simulator.stats().tokens;
    const spent = await spentBy(stage.home);
    expect(spent).toBeLessThanOrEqual(usd);
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeCloseTo(input * perInput + output * perOutput, 9);
  });

  it('has room for what a request makes the provider read, or the request is refused', async () => {
    await using stage = await createStage();
    // Less than a million tokens of input cost.
    const usd = 1_000_000 * perInput * 0.9;
    const headers = bearer(await createKey(stage.home, { budget: { usd, per: 'total' } }));
    const statusOf = async (body: Record<string, unknown>): Promise<number> => {
      const response = await fetch(`${stage.server.url}/v1/responses`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ model: 'gpt-4o-mini', input: 'Tides', max_output_tokens: 16, ...body }),
      });
      await response.text();
      return response.status;
    };
    expect(await statusOf({ previous_response_id: 'resp_1' })).toBe(429);
    expect(await statusOf({ tools: [{ type: 'web_search' }] })).toBe(429);
    expect(await statusOf({})).toBe(200);
    expect(stage.simulator.stats().requests).toBe(1);
  });

  it('is final for the SDKs: no retry, and a name that they know', async () => {
    await using stage = await createStage();
    const secret = await createKey(stage.home, { budget: { usd: 0.00001 } });
    const messages = [{ role: 'user' as const, content: 'Tides' }];
    const openai = new OpenAI({ baseURL: `${stage.server.url}/v1`, apiKey: secret });
    await expect(openai.chat.completions.create({ model: 'gpt-4o-mini', messages })).rejects.toMatchObject({
      status: 429,
      code: 'insufficient_quota',
    });
    const anthropic = new Anthropic({ baseURL: stage.server.url, apiKey: secret });
    await expect(
      anthropic.messages.create({ model: 'claude-haiku-4-5', max_tokens: 500, messages }),
    ).rejects.toMatchObject({ status: 402, error: { error: { type: 'billing_error' } } });
    const { headers } = await ask(stage.server.url, 'Tides', {}, bearer(secret));
    expect(headers.get('x-should-retry')).toBe('false');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(stage.simulator.stats().requests).toBe(0);
  });

  it('pays for what the provider charged alone: not for hits, failures or who joined', async () => {
    await using stage = await createStage();
    const headers = bearer(await createKey(stage.home, { budget: { usd: 1, per: 'total' } }));
    const url = stage.server.url;
    const asked = { max_tokens: 200 };
    const { text } = await ask(url, 'Tides', asked, headers);
    const { prompt_tokens, completion_tokens } = JSON.parse(text).usage;
    const cost = prompt_tokens * perInput + completion_tokens * perOutput;
    await ask(url, 'Tides', asked, headers);
    await ask(url, 'Tides', { ...asked, stream: true }, headers);
    stage.simulator.setFaults('status=400');
    expect((await ask(url, 'Other', asked, headers)).status).toBe(400);
    stage.simulator.clearFaults();
    expect((await ask(url, 'x', { model: undefined }, headers)).status).toBe(400);
    await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body: '{"model":' });
    expect(await spentBy(stage.home)).toBeCloseTo(cost, 9);
  });

  it('pays nothing for what reached no provider', async () => {
    await using stage = await createStage();
    const headers = bearer(await createKey(stage.home, { budget: { usd: 1, per: 'total' } }));
    await stage.simulator.close();
    const { status } = await ask(stage.server.url, 'Nobody listens', { max_tokens: 10_000 }, headers);
    expect(status).toBe(502);
    expect(await spentBy(stage.home)).toBe(0);
  });

  it('pays nothing for who leaves before their turn at the provider came', async () => {
    await using stage = await createStage({}, '[limits]\nmaxConcurrent = 1\n');
    stage.simulator.setFaults('hang; times=1');
    const holders = [
      await createKey(stage.home),
      await createKey(stage.home, { budget: { usd: 1, per: 'total' } }),
    ];
    const leave = holders.map(() => new AbortController());
    const left = holders.map((secret, index) =>
      expect(
        fetch(`${stage.server.url}/v1/chat/completions`, {
          method: 'POST',
          signal: leave[index]?.signal ?? null,
          headers: bearer(secret),
          body: JSON.stringify({
            model: 'gpt-4o-mini',
            max_tokens: 10_000,
            messages: [{ role: 'user', content: `Question ${index}` }],
          }),
        }),
      ).rejects.toThrow(),
    );
    await vi.waitFor(async () => {
      const { keys } = await readJson<Limits>(fetch(`${stage.server.url}/api/limits`));
      expect(keys['openai-compatible:gpt-4o-mini']?.queue.depth).toBe(1);
    });
    leave[1]?.abort();
    expect(await spentBy(stage.home)).toBe(0);
    leave[0]?.abort();
    await Promise.all(left);
  });

  it('survives a restart, and kill -9', async () => {
    await using stage = await createStage();
    const secret = await createKey(stage.home, { budget: { usd: 0.0001, per: 'total' } });
    const spend = (url: string): Promise<{ status: number }> =>
      ask(url, `Again ${Math.random()}`, { max_tokens: 50 }, bearer(secret));
    let passed = 0;
    while ((await spend(stage.server.url)).status === 200) passed += 1;
    expect(passed).toBeGreaterThan(0);
    await stage.server.end('SIGKILL');
    await using next = await stage.restart();
    expect((await spend(next.url)).status).toBe(429);
  });

  it('refuses what has no known price, unless it was told otherwise', async () => {
    await using stage = await createStage();
    const strict = bearer(await createKey(stage.home, { budget: { usd: 5 } }));
    const lax = bearer(await createKey(stage.home, { budget: { usd: 5, unpriced: 'allow' } }));
    const model = { model: 'a-model-of-our-own' };
    const refused = await ask(stage.server.url, 'Tides', model, strict);
    expect(refused.status).toBe(403);
    expect(JSON.parse(refused.text).error.code).toBe('KEYS_BUDGET_UNPRICED');
    expect((await ask(stage.server.url, 'Tides', model, lax)).status).toBe(200);
  });

  it('counts a stream that its reader left', async () => {
    await using stage = await createStage({ faults: ['chunk-delay=20'] });
    const headers = bearer(await createKey(stage.home, { budget: { usd: 1, per: 'total' } }));
    const leave = new AbortController();
    const response = await fetch(`${stage.server.url}/v1/chat/completions`, {
      method: 'POST',
      headers,
      signal: leave.signal,
      body: JSON.stringify({
        model: 'gpt-4o-mini',
        stream: true,
        max_tokens: 1000,
        messages: [{ role: 'user', content: 'Write a long text about tides' }],
      }),
    });
    await response.body?.getReader().read();
    leave.abort();
    const spent = await spentBy(stage.home);
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThan(0.001);
  });
});
