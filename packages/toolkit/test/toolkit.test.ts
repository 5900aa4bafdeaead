import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import {
  clearAnswers,
  createToolkit,
  type Environment,
  loadConfig,
  type Toolkit,
  version,
} from '../src/index.js';

/** Where nothing listens, so that no Ollama of this machine is found. */
const nobody = 'http://127.0.0.1:9';

async function createPlace(): Promise<{
  path: string;
  open(environment?: Environment, ollama?: string): Promise<Toolkit>;
  [Symbol.asyncDispose](): Promise<void>;
}> {
  const path = await mkdtemp(join(tmpdir(), 'ai-toolkit-'));
  return {
    path,
    open: async (environment = {}, ollama = nobody) =>
      createToolkit(
        await loadConfig({
          directory: path,
          environment: { AI_TOOLKIT_HOME: path, ...environment },
          flags: { ollama: { baseUrl: ollama } },
        }),
      ),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}

describe('toolkit', () => {
  it('has the version of its manifest', async () => {
    const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    expect(version).toBe(manifest.version);
  });

  it('makes nothing on disk and asks nobody until a part is used', async () => {
    await using place = await createPlace();
    {
      await using toolkit = await place.open();
      expect(await (await toolkit.projects()).getAll()).toEqual([]);
    }
    expect(await readdir(place.path)).toEqual([]);
  });

  it('counts with the same prices in the ledger and in the metrics, those of the configuration first', async () => {
    await using place = await createPlace();
    await using simulator = await createSimulator();
    await writeFile(
      join(place.path, 'config.toml'),
      '[prices."openai-compatible/gpt-4o"]\ninputUsd = 3\noutputUsd = 12\n',
    );
    await using toolkit = await place.open({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    await (await toolkit.client()).generate('Say hello', { model: 'gpt-4o' });
    const { cost } = (await (await toolkit.ledger()).report()).totals;
    expect(cost.billedUsd).toBeGreaterThan(0);
    const [, told] =
      /^ai_toolkit_cost_usd_total\{kind="billed"\} (.*)$/m.exec(await (await toolkit.metrics()).expose()) ??
      [];
    expect(Number(told)).toBeCloseTo(cost.billedUsd ?? Number.NaN, 12);
  });

  it('takes a route to OpenAI for the server in its place, and says which provider of a route is not in use', async () => {
    await using place = await createPlace();
    await using simulator = await createSimulator();
    const environment = { OPENAI_BASE_URL: simulator.openaiBaseUrl };
    const route = (provider: string): Promise<void> =>
      writeFile(
        join(place.path, 'config.toml'),
        `[[routes]]\nmodel = "fast"\ntargets = [{ provider = "${provider}", model = "gpt-4o" }]\n`,
      );
    await route('openai');
    {
      await using toolkit = await place.open(environment);
      expect(await toolkit.models()).toContainEqual({ id: 'fast', provider: 'openai-compatible' });
      const { text } = await (await toolkit.client()).generate('Say hello', { model: 'fast' });
      expect(text).toContain('hello');
      expect(await toolkit.diagnose()).toContainEqual(
        expect.objectContaining({ name: 'routes', status: 'ok' }),
      );
    }
    await route('anthropic');
    await using toolkit = await place.open(environment);
    const expected = { code: 'CONFIG_NO_PROVIDER', hint: expect.stringMatching(/openai-compatible/) };
    for (const part of ['pipeline', 'keyAccess', 'models'] as const)
      await expect(toolkit[part]()).rejects.toMatchObject(expected);
    expect(await toolkit.diagnose()).toContainEqual(
      expect.objectContaining({ name: 'routes', status: 'failure' }),
    );
  });

  it('chooses keys before base URLs before Ollama before the simulator, and says why', async () => {
    await using place = await createPlace();
    const chosen = async (environment: Environment, ollama?: string): Promise<string[]> => {
      await using toolkit = await place.open(environment, ollama);
      return (await toolkit.providers()).map(({ provider, reason }) => `${provider.name}: ${reason}`);
    };
    expect(await chosen({ OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k' })).toEqual([
      'openai: OPENAI_API_KEY is set',
      'anthropic: ANTHROPIC_API_KEY is set',
    ]);
    expect(await chosen({ OPENAI_BASE_URL: `${nobody}/v1` })).toEqual([
      'openai-compatible: OPENAI_BASE_URL is set',
    ]);
    await using ollama = createServer((_request, response) => response.end('{"version":"0"}')).listen(
      0,
      '127.0.0.1',
    );
    await once(ollama, 'listening');
    const url = `http://127.0.0.1:${(ollama.address() as AddressInfo).port}`;
    expect(await chosen({}, url)).toEqual([`ollama: no key is set and Ollama answers at ${url}`]);
    expect(await chosen({})).toEqual([`simulator: no key is set and no Ollama answers at ${nobody}`]);
  });

  it('tells OpenAI whom to bill, and takes a token for Anthropic, as the SDKs do', async () => {
    await using place = await createPlace();
    const chosen = async (environment: Environment): Promise<unknown[]> => {
      await using toolkit = await place.open(environment);
      return (await toolkit.providers()).map(({ provider, reason }) => [reason, provider.headers]);
    };
    const account = { OPENAI_API_KEY: 'k', OPENAI_ORG_ID: 'org-1', OPENAI_PROJECT_ID: 'proj_1' };
    const billed = { 'openai-organization': 'org-1', 'openai-project': 'proj_1' };
    expect(await chosen(account)).toEqual([
      ['OPENAI_API_KEY is set', { authorization: 'Bearer k', ...billed }],
    ]);
    expect(await chosen({ ...account, OPENAI_BASE_URL: `${nobody}/v1` })).toEqual([
      ['OPENAI_API_KEY is set', { authorization: 'Bearer k' }],
    ]);
    const token = { ANTHROPIC_AUTH_TOKEN: 't' };
    expect(await chosen(token)).toEqual([['ANTHROPIC_AUTH_TOKEN is set', { authorization: 'Bearer t' }]]);
    expect(await chosen({ ...token, ANTHROPIC_API_KEY: 'k' })).toEqual([
      ['ANTHROPIC_API_KEY is set', { authorization: 'Bearer t', 'x-api-key': 'k' }],
    ]);
  });

  it('answers from the simulator with the same keys in every process', async () => {
    await using place = await createPlace();
    const outcomes: unknown[] = [];
    for (let round = 0; round < 2; round++) {
      await using toolkit = await place.open();
      outcomes.push((await (await toolkit.client()).generate('Say hello')).cache);
    }
    expect(outcomes).toEqual(['miss', 'hit']);
  });

  it('sends Claude to Anthropic and the rest to the first provider', async () => {
    await using openai = await createSimulator();
    await using anthropic = await createSimulator();
    await using place = await createPlace();
    await using toolkit = await place.open({
      OPENAI_BASE_URL: openai.openaiBaseUrl,
      ANTHROPIC_BASE_URL: anthropic.anthropicBaseUrl,
    });
    const client = await toolkit.client();
    await client.generate('One', { model: 'claude-sonnet-4-5' });
    await client.generate('Two', { model: 'gpt-4o-mini' });
    expect([openai.stats().requests, anthropic.stats().requests]).toEqual([1, 1]);
  });

  it('takes the first model of a server of unknown kind', async () => {
    await using simulator = await createSimulator({ models: ['house-model'], strictModels: true });
    await using place = await createPlace();
    await using toolkit = await place.open({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    expect((await (await toolkit.client()).generate('Which?')).model).toBe('house-model');
  });

  it('writes a row for every call', async () => {
    await using place = await createPlace();
    {
      await using toolkit = await place.open();
      const client = await toolkit.client();
      await client.generate('Say hello', { labels: { project: 'p' } });
      await client.generate('Say hello');
    }
    await using toolkit = await place.open();
    const calls = await (await toolkit.ledger()).calls();
    expect(calls.map(({ cache, provider }) => [provider, cache])).toEqual([
      ['simulator', 'hit'],
      ['simulator', 'miss'],
    ]);
    expect(calls[1]).toMatchObject({ labels: { project: 'p' }, billedUsd: 0 });
  });

  it('keeps the limits of the configuration', async () => {
    await using simulator = await createSimulator();
    await using place = await createPlace();
    const loaded = await loadConfig({
      directory: place.path,
      environment: { AI_TOOLKIT_HOME: place.path, OPENAI_BASE_URL: simulator.openaiBaseUrl },
      flags: { limits: { maxConcurrent: 2 } },
    });
    await using toolkit = createToolkit(loaded);
    simulator.setFaults('delay=5');
    const client = await toolkit.client();
    await Promise.all(
      Array.from({ length: 8 }, (_, index) => client.generate(`Prompt ${index}`, { model: 'm' })),
    );
    expect(simulator.stats().maxInFlight).toBeLessThanOrEqual(2);
  });
});

describe('routes of the configuration', () => {
  it('name a model, spread it and fall back', async () => {
    await using first = await createSimulator({ faults: ['status=503'] });
    await using second = await createSimulator();
    await using place = await createPlace();
    await writeFile(
      join(place.path, 'config.toml'),
      `[[routes]]
model = "fast"
targets = [{ provider = "openai-compatible", model = "gpt-4o-mini" }]
fallbacks = [{ provider = "azure", model = "my-deployment" }]
`,
    );
    await using toolkit = await place.open({
      OPENAI_BASE_URL: first.openaiBaseUrl,
      AZURE_OPENAI_ENDPOINT: second.openaiBaseUrl.replace(/\/v1$/, ''),
      AZURE_OPENAI_API_KEY: 'key',
    });
    const client = await toolkit.client();
    await expect(client.generate('hello', { model: 'fast' })).rejects.toMatchObject({ code: 'AI_PROVIDER' });
    expect(first.stats().requests).toBeGreaterThan(0);
    expect(second.requests().at(-1)?.path).toBe('/openai/v1/chat/completions');
  });

  it('are checked against what is configured', async () => {
    await using place = await createPlace();
    await writeFile(join(place.path, 'config.toml'), '[[routes]]\nmodel = "fast"\ntargets = []\n');
    await expect(place.open()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('routes.0.targets'),
    });
  });
});

describe('the semantic cache', () => {
  it('is off by default, and gives the answer to a question that says the same when it is on', async () => {
    await using simulator = await createSimulator();
    for (const enabled of [false, true]) {
      await using place = await createPlace();
      const section = '[semantic]\nmodel = "text-embedding-3-small"\nthreshold = 0.6\ntimeoutMs = 10000\n';
      if (enabled) await writeFile(join(place.path, 'config.toml'), section);
      await using toolkit = await place.open({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
      const client = await toolkit.client();
      const ask = async (prompt: string): Promise<string> =>
        (await client.generate(prompt, { model: 'gpt-4o-mini' })).cache;
      expect(await ask('What is the capital of France?')).toBe('miss');
      expect(await ask("what's the capital of France")).toBe(enabled ? 'semantic' : 'miss');
      const diagnosed = (await toolkit.diagnose()).filter(({ name }) => name === 'semantic cache');
      expect(diagnosed).toMatchObject(enabled ? [{ status: 'ok' }] : []);
    }
  });

  it('is cleared together with the answers, with those of a tag or with all', async () => {
    await using simulator = await createSimulator();
    await using place = await createPlace();
    const section = '[semantic]\nmodel = "text-embedding-3-small"\ntimeoutMs = 10000\n';
    await writeFile(join(place.path, 'config.toml'), section);
    await using toolkit = await place.open({ OPENAI_BASE_URL: simulator.openaiBaseUrl });
    const [client, cache] = await Promise.all([toolkit.client(), toolkit.cache()]);
    const index = cache.withNamespace(`${cache.namespace}:semantic`);
    const vectors = async (): Promise<number> => {
      let count = 0;
      for await (const _entry of index.entries()) count += 1;
      return count;
    };
    await client.generate('What is a tide?', { model: 'gpt-4o-mini' });
    await expect.poll(vectors).toBe(1);
    await client.generate('Who wrote tables of the moon?', { model: 'gpt-4o' });
    await expect.poll(vectors).toBe(2);
    await clearAnswers(cache, 'model:gpt-4o');
    expect(await vectors()).toBe(1);
    await clearAnswers(cache);
    expect(await vectors()).toBe(0);
  });
});

describe('the planner', () => {
  it('knows what the cache holds and what calls cost, without asking anybody', async () => {
    await using place = await createPlace();
    await using toolkit = await place.open();
    const [planner, projects] = await Promise.all([toolkit.planner(), toolkit.projects()]);
    const twins = await Promise.all(
      [1, 2].map(() => projects.create({ name: 'Tide Clock', description: 'Shows the tide' })),
    );
    const [first = '', second = ''] = twins.map(({ id }) => id);
    const planned = await planner.plan(first, { stages: [1] });
    expect(planned).toMatchObject({ calls: 1, hits: 0, costUsd: 0 });
    expect(planned.steps[0]?.call).toMatchObject({ cache: 'miss', model: 'simulated-1' });
    expect(await (await toolkit.ledger()).report({})).toMatchObject({ totals: { calls: 0 } });
    // The simulator's answers are free, and so is a budget of nothing enough.
    for await (const event of planner.run(first, { stages: [1], maxCost: 0 })) {
      if (event.type === 'done') expect(event.costUsd).toBe(0);
    }
    expect((await planner.plan(second, { stages: [1], maxCost: 0 })).steps[0]?.call?.cache).toBe('hit');
    const dear = await planner.plan(second, { stages: [1], model: 'gpt-4o' });
    expect(dear.steps[0]?.call).toMatchObject({ cache: 'miss', model: 'gpt-4o' });
  });

  it('prices a model by who answers for it', async () => {
    await using place = await createPlace();
    await using toolkit = await place.open({ OPENAI_API_KEY: 'k' });
    const [planner, projects] = await Promise.all([toolkit.planner(), toolkit.projects()]);
    const { id } = await projects.create({ name: 'Tide Clock' });
    const known = await planner.plan(id, { stages: [1], model: 'gpt-4o', maxTokens: 1_000 });
    expect(known.costUsd).toBeGreaterThan(0.01);
    expect(known.costUsd).toBeLessThan(0.02);
    expect(await planner.plan(id, { stages: [1], model: 'unheard-of' })).not.toHaveProperty('costUsd');
  });
});
