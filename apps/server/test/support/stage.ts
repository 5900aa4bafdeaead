import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSimulator, type Simulator, type SimulatorOptions } from '@ai-toolkit/llm-simulator';
import { createHome, type ServerProcess, startServerProcess } from './server-process.js';

export interface StageOptions {
  readonly simulator?: SimulatorOptions;
  /** The server's configuration, TOML. */
  readonly config?: string;
  readonly environment?: Record<string, string>;
}

/** A server in front of a simulator of both APIs, with the prices that the tests assume. */
export interface Stage extends AsyncDisposable {
  readonly home: string;
  readonly url: string;
  readonly simulator: Simulator;
  readonly server: ServerProcess;
}

/** An OpenAI-compatible server has no known prices. */
const prices = '[prices."openai-compatible/gpt-4o-mini"]\ninputUsd = 0.15\noutputUsd = 0.6\n';

export const perInput = 0.15e-6;
export const perOutput = 0.6e-6;

export async function createStage(options: StageOptions = {}): Promise<Stage> {
  const simulator = await createSimulator(options.simulator);
  const home = await createHome();
  await writeFile(join(home.path, 'config.toml'), `${options.config ?? ''}\n${prices}`);
  const server = await startServerProcess(home.path, {
    OPENAI_BASE_URL: simulator.openaiBaseUrl,
    ANTHROPIC_BASE_URL: simulator.anthropicBaseUrl,
    ANTHROPIC_API_KEY: 'sk-ant-x',
    ...options.environment,
  });
  return {
    home: home.path,
    url: server.url,
    simulator,
    server,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await simulator.close();
      await home[Symbol.asyncDispose]();
    },
  };
}
