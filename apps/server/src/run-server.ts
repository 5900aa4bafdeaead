import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { KeysError } from '@ai-toolkit/gateway-keys';
import {
  ConfigError,
  createToolkit,
  type Environment,
  loadConfig,
  type Toolkit,
  version,
} from '@ai-toolkit/toolkit';
import { type RunningServer, startServer } from './start-server.js';

const help = `Usage: ai-toolkit-server [options]

An OpenAI-compatible gateway with a response cache, coalescing, limits and a dashboard.

Options:
  --port N        port to listen on; 0 takes a free one (AI_TOOLKIT_PORT, default 4000)
  --host H        address to bind (AI_TOOLKIT_HOST, default 127.0.0.1); others than loopback need a gateway key
  --config FILE   configuration file in place of the user's
  --version       print the version
  --help          print this text
`;

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  config: { type: 'string' },
  version: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Exit codes of the whole toolkit: 0 done, 1 failure, 2 usage. */
const done = 0;
const failed = 1;
const misused = 2;

/** Runs the server until a signal ends it; resolves with the exit code. */
export async function runServer(args: readonly string[], environment: Environment): Promise<number> {
  let values: { port?: string; host?: string; config?: string; version?: boolean; help?: boolean };
  try {
    ({ values } = parseArgs({ args: [...args], options, allowPositionals: false }));
    if (values.port !== undefined && !/^\d{1,5}$/.test(values.port)) {
      throw new TypeError(`--port must be a number, got ${JSON.stringify(values.port)}`);
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${help}`);
    return misused;
  }
  if (values.help) {
    process.stdout.write(help);
    return done;
  }
  if (values.version) {
    process.stdout.write(`${version}\n`);
    return done;
  }
  try {
    const { config, paths } = await loadConfig({
      environment,
      ...(values.config === undefined ? {} : { configFile: values.config }),
      flags: {
        server: {
          ...(values.port === undefined ? {} : { port: Number(values.port) }),
          ...(values.host === undefined ? {} : { host: values.host }),
        },
      },
    });
    await using toolkit = createToolkit({ config, paths });
    const { host, port } = config.server;
    await using server = await startServer({ toolkit, host, port });
    process.stdout.write(await greeting(server, toolkit));
    await stopSignal();
    const bound = `${config.server.drainMs / 1000} s`;
    process.stderr.write(`Stopping: open answers may end within ${bound}; a second signal stops at once.\n`);
    await server.close();
    return done;
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    return failed;
  }
}

/** Waits for the first signal; the second ends the process as if none were handled. */
async function stopSignal(): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  await Promise.race([once(process, 'SIGINT', { signal }), once(process, 'SIGTERM', { signal })]);
  waiting.abort();
}

async function greeting(server: RunningServer, toolkit: Toolkit): Promise<string> {
  const chosen = await toolkit.providers();
  const lines = [
    `AI Toolkit ${version} serves at ${server.url}`,
    ...chosen.map(
      ({ provider, place, reason }) => `  answers by   ${provider.name} (${place}), because ${reason}`,
    ),
    `  dashboard    ${server.url}/`,
    `  OpenAI base  ${server.url}/v1`,
    `  Anthropic    ${server.url}`,
  ];
  const cache = await toolkit.cache();
  // Opens the disk tier, so that a problem is told now and not with the first lost answer.
  await cache.ready();
  for (const { name, state, reason } of cache.stats().tiers) {
    if (state === 'unavailable')
      lines.push(`  warning      the ${name} cache is off: ${reason ?? 'unknown reason'}`);
  }
  return `${lines.join('\n')}\n`;
}

function explain(error: unknown): string {
  if (ConfigError.isInstance(error) || KeysError.isInstance(error)) return `${error.message} ${error.hint}`;
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE')
    return `${error.message}. Another program has the port: choose one with --port N.`;
  if (code === 'EACCES') return `${error.message}. Choose a port above 1023 with --port N.`;
  return error.stack ?? error.message;
}
