import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import { ask } from '../../support/ask.js';
import { createKey } from '../../support/keys.js';
import { createHome, type ServerProcess, startServerProcess } from '../../support/server-process.js';

/** The built server, with the page that it ships, in front of a simulated provider. */
export interface Dashboard extends AsyncDisposable {
  readonly url: string;
  readonly home: string;
  readonly simulator: Simulator;
  readonly server: ServerProcess;
  readonly adminKey: string;
  /** Calls models; without limits. */
  readonly gatewayKey: string;
  /** Posts a chat completion with the gateway key. */
  ask(
    prompt: string,
    body?: Record<string, unknown>,
    headers?: Record<string, string>,
  ): ReturnType<typeof ask>;
  /** Pages to close before the server. */
  readonly pages: Set<{ close(): Promise<void> }>;
}

/** An OpenAI-compatible server has no known prices. */
const prices = '[prices."openai-compatible/gpt-4o-mini"]\ninputUsd = 0.15\noutputUsd = 0.6\n';

/** Starts a server with its own home folder, an admin key and a gateway key. `environment` and `config` (TOML) are the server's. */
export async function startDashboard(
  environment: Record<string, string> = {},
  config = '',
): Promise<Dashboard> {
  await using stack = new AsyncDisposableStack();
  const simulator = stack.use(await createSimulator());
  const home = stack.use(await createHome());
  await writeFile(join(home.path, 'config.toml'), `${config}\n${prices}`);
  const adminKey = await createKey(home.path, { name: 'the admin', role: 'admin' });
  const gatewayKey = await createKey(home.path, { name: 'the tests' });
  const server = stack.use(
    await startServerProcess(home.path, {
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
      OPENAI_API_KEY: 'sk-of-the-provider',
      ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl,
      ANTHROPIC_API_KEY: 'sk-ant-of-the-provider',
      ...environment,
    }),
  );
  const owned = stack.move();
  const pages: Dashboard['pages'] = new Set();
  return {
    url: server.url,
    home: home.path,
    simulator,
    server,
    adminKey,
    gatewayKey,
    ask: (prompt, body = {}, headers = {}) =>
      ask(server.url, prompt, body, { authorization: `Bearer ${gatewayKey}`, ...headers }),
    pages,
    [Symbol.asyncDispose]: async () => {
      for (const page of pages) await page.close();
      await owned.disposeAsync();
    },
  };
}
