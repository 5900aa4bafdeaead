import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createToolkit, type Environment, loadConfig, type Toolkit } from '../../src/index.js';

interface Lister extends AsyncDisposable {
  readonly origin: string;
  /** What it was asked. */
  readonly asked: readonly IncomingMessage[];
}

/** A provider that lists these models, or refuses to. */
async function createLister(models: readonly string[] | undefined): Promise<Lister> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    response.statusCode = models === undefined ? 500 : 200;
    response.end(JSON.stringify({ data: models?.map((id) => ({ id })) }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function withToolkit(
  environment: Environment,
  config: string,
  use: (toolkit: Toolkit) => Promise<void>,
): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'ai-toolkit-'));
  await writeFile(join(home, 'config.toml'), config);
  {
    const loaded = await loadConfig({
      directory: home,
      environment: { AI_TOOLKIT_HOME: home, ...environment },
    });
    await using toolkit = createToolkit(loaded);
    await use(toolkit);
  }
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}

describe('models', () => {
  it('are asked for with the token of a gateway in front of Anthropic, from the environment or a file', async () => {
    await using lister = await createLister(['claude-m']);
    const url = { ANTHROPIC_BASE_URL: lister.origin };
    for (const [environment, config] of [
      [{ ANTHROPIC_AUTH_TOKEN: 't' }, ''],
      [{}, '[anthropic]\nauthToken = "t"\n'],
    ] as const)
      await withToolkit({ ...url, ...environment }, config, async (toolkit) => {
        expect(await toolkit.models()).toEqual([{ id: 'claude-m', provider: 'anthropic' }]);
      });
    const sent = lister.asked.map(({ headers }) => [headers.authorization, headers['x-api-key']]);
    expect(sent).toEqual([
      ['Bearer t', undefined],
      ['Bearer t', undefined],
    ]);
  });

  it('are asked for below the path of a base URL, with its query', async () => {
    await using lister = await createLister(['m']);
    await withToolkit({ OPENAI_BASE_URL: `${lister.origin}/team/v1/?version=2` }, '', async (toolkit) => {
      expect(await toolkit.models()).toEqual([{ id: 'm', provider: 'openai-compatible' }]);
    });
    expect(lister.asked.map(({ url }) => url)).toEqual(['/team/v1/models?version=2']);
  });

  it('are asked of Anthropic in its own words, and all at once', async () => {
    await using lister = await createLister(['claude-x']);
    await withToolkit({ ANTHROPIC_BASE_URL: lister.origin, ANTHROPIC_API_KEY: 'k' }, '', async (toolkit) => {
      expect(await toolkit.models()).toEqual([{ id: 'claude-x', provider: 'anthropic' }]);
    });
    const [{ url, headers } = {}] = lister.asked;
    expect(url).toBe('/v1/models?limit=1000');
    expect(headers).toMatchObject({ 'anthropic-version': '2023-06-01', 'x-api-key': 'k' });
    expect(headers).not.toHaveProperty('authorization');
  });

  it('of one provider are there while another one fails, where that is wanted', async () => {
    await using good = await createLister(['m']);
    await using bad = await createLister(undefined);
    const both = { OPENAI_BASE_URL: `${good.origin}/v1`, ANTHROPIC_BASE_URL: bad.origin };
    await withToolkit(both, '', async (toolkit) => {
      const partial = await toolkit.models(undefined, { partial: true });
      expect(partial).toEqual([{ id: 'm', provider: 'openai-compatible' }]);
      await expect(toolkit.models()).rejects.toMatchObject({ code: 'AI_PROVIDER', status: 500 });
      await expect(toolkit.models('anthropic')).rejects.toMatchObject({ code: 'AI_PROVIDER', status: 500 });
    });
    await withToolkit({ OPENAI_BASE_URL: `${bad.origin}/v1` }, '', async (toolkit) => {
      await expect(toolkit.models(undefined, { partial: true })).rejects.toMatchObject({
        code: 'AI_PROVIDER',
      });
    });
  });

  it('can be asked for by the aliases of routes', async () => {
    await using lister = await createLister(['m']);
    const config = `
[[routes]]
model = "fast"
targets = [{ model = "m" }]
[[routes]]
model = "smart"
targets = [{ provider = "anthropic", model = "claude-x" }]
[[routes]]
model = "any-*"
targets = [{ model = "m" }]
`;
    const both = { OPENAI_BASE_URL: `${lister.origin}/v1`, ANTHROPIC_BASE_URL: `${lister.origin}` };
    await withToolkit(both, config, async (toolkit) => {
      expect((await toolkit.models()).slice(0, 2)).toEqual([
        { id: 'fast', provider: 'openai-compatible' },
        { id: 'smart', provider: 'anthropic' },
      ]);
      expect(await toolkit.models('openai-compatible')).toEqual([{ id: 'm', provider: 'openai-compatible' }]);
    });
  });
});
