import { existsSync, statSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ConfigError } from '@ai-toolkit/toolkit';
import { type GlobalFlags, loadConfigOf, runBareCommand } from '../run-command.js';

export interface ServeFlags {
  readonly port?: number;
  readonly host?: string;
  readonly workers?: number;
}

interface ServerModule {
  readonly runServer: (args: readonly string[], environment: NodeJS.ProcessEnv) => Promise<number>;
}

/** Location of the server: next to the command in a package, in its own folder in the workspace. */
const places: readonly string[] = ['./server/index.js', '../../server/dist/index.js'];

/** Runs the server in this process. Configuration errors are reported as by any other command. */
export function serve(flags: ServeFlags, globals: GlobalFlags): Promise<number> {
  return runBareCommand(globals, async ({ output }) => {
    await loadConfigOf(globals, output);
    refusePipe(globals);
    return runServer(flags, globals);
  });
}

/** The server and each of its workers read the file again, and a pipe is then empty. */
function refusePipe({ config }: GlobalFlags): void {
  if (config === undefined || !statSync(config).isFIFO()) return;
  throw new ConfigError(
    'CONFIG_UNREADABLE',
    `The configuration ${config} is a pipe, which is read only once.`,
    {
      hint: 'Write it to a file, and name that with --config.',
    },
  );
}

/** The server is an application of its own, so it is loaded as a file rather than a dependency. */
async function runServer(
  { port, host, workers }: ServeFlags,
  { config, profile, json }: GlobalFlags,
): Promise<number> {
  const file = places
    .map((place) => fileURLToPath(new URL(place, import.meta.url)))
    .find((path) => existsSync(path));
  if (file === undefined) throw new Error('The server is not built. Build the workspace first: pnpm build.');
  const server = (await import(pathToFileURL(file).href)) as ServerModule;
  const args = [
    ...(port === undefined ? [] : ['--port', String(port)]),
    ...(host === undefined ? [] : ['--host', host]),
    ...(workers === undefined ? [] : ['--workers', String(workers)]),
    ...(config === undefined ? [] : ['--config', config]),
    ...(json === true ? ['--json'] : []),
  ];
  return server.runServer(
    args,
    profile === undefined ? process.env : { ...process.env, AI_TOOLKIT_PROFILE: profile },
  );
}
