import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ServerProcess, startServerProcess } from './server-process.ts';

const app = (name: string): string =>
  fileURLToPath(new URL(`../../apps/${name}/dist/main.js`, import.meta.url));

/** The built command. */
const command: string = app('cli');

/** The built server in its own process. */
export interface GatewayProcess extends ServerProcess {
  /** Its environment, for commands on the same home folder. */
  readonly environment: NodeJS.ProcessEnv;
}

/** Starts the server with a home folder of its own, after `prepare` has run in it; `config` is TOML. */
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

/** Starts a server with a gateway key, in front of an OpenAI-compatible server at `upstream`. */
export async function startKeyedGateway(
  config: string,
  upstream: string,
): Promise<GatewayProcess & { readonly key: string }> {
  let key = '';
  const gateway = await startGateway(
    config,
    { OPENAI_BASE_URL: `${upstream}/v1`, OPENAI_API_KEY: 'bench' },
    async (environment) => {
      const args = [command, 'keys', 'create', '--name', 'bench', '--json'];
      const { stdout } = await promisify(execFile)(process.execPath, args, { env: environment });
      ({ key } = JSON.parse(stdout) as { key: string });
    },
  );
  return { ...gateway, key };
}
