import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Simulator } from '@ai-toolkit/llm-simulator';
import { createHome, type ServerProcess, startServerProcess } from '@ai-toolkit/processes/server';
import type { Scene } from './scenario.ts';

export interface GatewayOptions {
  /** Folder of all state. Default: a new one. */
  readonly home?: string;
  /** Its configuration, TOML. */
  readonly config?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Gateway extends ServerProcess {
  readonly home: string;
}

/** Starts the built server in front of a simulator of both APIs. */
export async function startGateway(
  scene: Scene,
  simulator: Pick<Simulator, 'openaiBaseUrl' | 'anthropicBaseUrl'>,
  options: GatewayOptions = {},
): Promise<Gateway> {
  const home = options.home ?? scene.use(await createHome()).path;
  if (options.config !== undefined) await writeFile(join(home, 'config.toml'), options.config);
  const server = await startServerProcess(home, {
    AI_TOOLKIT_LOG_LEVEL: 'warn',
    OPENAI_BASE_URL: simulator.openaiBaseUrl,
    OPENAI_API_KEY: 'faults',
    ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl,
    ANTHROPIC_API_KEY: 'faults',
    ...options.environment,
  });
  return scene.use({ ...server, home });
}

interface Lane {
  readonly concurrency: { readonly used: number };
  readonly queue: { readonly depth: number };
}

async function lanesOf(url: string): Promise<readonly Lane[]> {
  const { keys } = (await (await fetch(`${url}/api/limits`)).json()) as { keys: Record<string, Lane> };
  return Object.values(keys);
}

/** Limiter slots in use, over all models. */
export async function slotsInUse({ url }: Pick<Gateway, 'url'>): Promise<number> {
  return (await lanesOf(url)).reduce((sum, { concurrency }) => sum + concurrency.used, 0);
}

/** Calls holding a slot or waiting for one, over all models. */
export async function callsUnderWay({ url }: Pick<Gateway, 'url'>): Promise<number> {
  return (await lanesOf(url)).reduce(
    (sum, { concurrency, queue }) => sum + concurrency.used + queue.depth,
    0,
  );
}

/** Calls counted by the ledger. */
export async function callsInLedger({ url }: Pick<Gateway, 'url'>): Promise<number> {
  const report = (await (await fetch(`${url}/api/usage`)).json()) as { totals: { calls: number } };
  return report.totals.calls;
}

interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failure';
  readonly detail: string;
}

/** Failed checks of the server's own diagnostics. */
export async function failedChecks({ url }: Pick<Gateway, 'url'>): Promise<readonly Check[]> {
  const { checks } = (await (await fetch(`${url}/api/diagnostics`)).json()) as { checks: readonly Check[] };
  return checks.filter(({ status }) => status === 'failure');
}
