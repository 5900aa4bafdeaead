import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServerProcess } from './server-process.ts';

const app = (name: string): string =>
  fileURLToPath(new URL(`../../apps/${name}/dist/main.js`, import.meta.url));

/** The built command. */
export const command: string = app('cli');

/** The built server in a process of its own. */
export interface GatewayProcess extends ServerProcess {
  /** Its environment, for commands that shall work on the same home. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Starts it with a home of its own, made by `prepare` before; `config` is TOML. */
export async function startGateway(
  config: string,
  variables: Readonly<Record<string, string>>,
  prepare: (environment: NodeJS.ProcessEnv) => Promise<void> = async () => {},
): Promise<GatewayProcess> {
  const home = await mkdtemp(join(tmpdir(), 'ai-toolkit-bench-'));
  await writeFile(join(home, 'config.toml'), config);
  const { PATH } = process.env;
  const environment = { PATH, AI_TOOLKIT_HOME: home, ...variables };
  await prepare(environment);
  const server = await startServerProcess([app('server'), '--port', '0'], environment);
  return {
    ...server,
    environment,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await rm(home, { recursive: true, force: true });
    },
  };
}
