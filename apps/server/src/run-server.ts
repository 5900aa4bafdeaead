import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { createToolkit, type Environment, type LoadedConfig, loadConfig, version } from '@ai-toolkit/toolkit';
import type { ServerLog } from '@ai-toolkit/usage/log';
import { boundHeapGrowth } from './bound-heap-growth.js';
import { createLog } from './create-log.js';
import { explain } from './explain.js';
import { type Greeting, greetingOf, greetingText } from './greeting.js';
import { startObservers } from './observers.js';
import { outliveReaders } from './outlive-readers.js';
import { startServer } from './start-server.js';
import { superviseWorkers, type WorkerEvent } from './workers/supervisor.js';

const help = `Usage: ai-toolkit-server [options]

An OpenAI-compatible gateway with a response cache, coalescing, limits and a dashboard.

Options:
  --port N        port to listen on; 0 takes a free one (AI_TOOLKIT_PORT, default 4000)
  --host H        address to bind (AI_TOOLKIT_HOST, default 127.0.0.1); others than loopback need a gateway key
  --workers N     processes that share the port; 0 takes one per core (AI_TOOLKIT_WORKERS, default 1)
  --config FILE   configuration file in place of the user's
  --json          print one JSON document on stdout, even on failure
  --version       print the version
  --help          print this text
`;

const options = {
  port: { type: 'string' },
  host: { type: 'string' },
  workers: { type: 'string' },
  config: { type: 'string' },
  json: { type: 'boolean' },
  version: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

interface Flags {
  readonly port?: string;
  readonly host?: string;
  readonly workers?: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly version?: boolean;
  readonly help?: boolean;
}

/** Exit codes of the whole toolkit: 0 done, 1 failure, 2 usage. */
const done = 0;
const failed = 1;
const misused = 2;

/** Added to the drain timeout before workers are killed, ms. */
const stopGraceMs = 5000;

/** Runs the server until a signal ends it; resolves with the exit code. */
export async function runServer(args: readonly string[], environment: Environment): Promise<number> {
  let values: Flags;
  try {
    ({ values } = parseArgs({ args: [...args], options, allowPositionals: false }));
    checkNumber('port', values.port);
    checkNumber('workers', values.workers);
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
    const loaded = await loadConfig({
      environment,
      ...(values.config === undefined ? {} : { configFile: values.config }),
      flags: { server: serverFlags(values) },
    });
    const { workers } = loaded.config.server;
    const count = workers === 0 ? availableParallelism() : workers;
    outliveReaders();
    const greet = (greeting: Greeting): void =>
      void process.stdout.write(values.json === true ? documentOf(greeting) : greetingText(greeting));
    await (count === 1 ? serveAlone(loaded, environment, greet) : serveTogether(loaded, count, greet));
    return done;
  } catch (error) {
    const message = explain(error);
    if (values.json === true)
      process.stdout.write(documentOf({ error: { code: codeOf(error), message, exitCode: failed } }));
    else process.stderr.write(`error: ${message}\n`);
    return failed;
  }
}

/** As in the JSON errors of every command. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'FAILURE';
}

function documentOf(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

async function serveAlone(
  { config, paths, sources }: LoadedConfig,
  environment: Environment,
  greet: (greeting: Greeting) => void,
): Promise<void> {
  boundHeapGrowth();
  const stop = stopSignal();
  const { log, onCall, ...observers } = await startObservers(config, environment);
  await using toolkit = createToolkit({ config, paths }, { onCall });
  const { host, port } = config.server;
  await using server = await startServer({ toolkit, sources, host, port, log });
  greet(await greetingOf(server.url, toolkit));
  await stop;
  tellStop(config.server.drainMs);
  await server.close();
  await observers.close();
}

async function serveTogether(
  { config, paths, sources }: LoadedConfig,
  workers: number,
  greet: (greeting: Greeting) => void,
): Promise<void> {
  const stop = stopSignal();
  const log = createLog(config.log);
  const { host, port, drainMs } = config.server;
  const order = { config, paths, sources, host, port, workers };
  const supervisor = await superviseWorkers({ order, stopMs: drainMs + stopGraceMs, report: reportTo(log) });
  greet(supervisor.greeting);
  await stop;
  tellStop(drainMs);
  await supervisor.stop();
  log.close();
}

function reportTo(log: ServerLog): (event: WorkerEvent) => void {
  return ({ pid, ended, restartMs }) => log.warn('worker ended', { worker: pid, ended, restartMs });
}

/**
 * Resolves at the first signal. The second has its default effect and ends the process, except SIGHUP, which a closing terminal causes
 * twice: from the shell and from the terminal itself. Call before the server starts, so that it can be stopped as soon as it is reachable.
 */
async function stopSignal(): Promise<void> {
  const waiting = new AbortController();
  const { signal } = waiting;
  process.on('SIGHUP', () => undefined);
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => once(process, name, { signal })));
  waiting.abort();
}

function tellStop(drainMs: number): void {
  process.stderr.write(
    `Stopping: open answers may end within ${drainMs / 1000} s; a second signal stops at once.\n`,
  );
}

function serverFlags({ port, host, workers }: Flags): { port?: number; host?: string; workers?: number } {
  return {
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(host === undefined ? {} : { host }),
    ...(workers === undefined ? {} : { workers: Number(workers) }),
  };
}

function checkNumber(name: string, value: string | undefined): void {
  if (value !== undefined && !/^\d{1,5}$/.test(value))
    throw new TypeError(`--${name} must be a number, got ${JSON.stringify(value)}`);
}
