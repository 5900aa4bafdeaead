import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '@ai-toolkit/processes/free-port';

const main = fileURLToPath(new URL('../../apps/server/dist/main.js', import.meta.url));

/** A new folder for all state, removed after the test. */
export async function createHome(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'ai-toolkit-server-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Sends a signal and waits for the end; resolves with the exit code, or the signal that ended it. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

/** `stderr`: a file to write the log to. Default: the log is in `output.stderr`. */
export function spawnServer(
  home: string,
  environment: Record<string, string> = {},
  args: readonly string[] = [],
  stderr: number | 'pipe' = 'pipe',
): ChildProcess & { output: { stdout: string; stderr: string } } {
  const { PATH = '', TMPDIR } = process.env;
  const child = spawn(process.execPath, [main, ...args], {
    env: {
      PATH,
      ...(TMPDIR === undefined ? {} : { TMPDIR }),
      AI_TOOLKIT_HOME: home,
      AI_TOOLKIT_PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', stderr],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  return Object.assign(child, { output });
}

/**
 * Starts the built server on a free port and waits until it serves. Workers get a port from `freePort`: one assigned by the system
 * to the first worker could be taken by a connection of another test before the next worker binds it.
 */
export async function startServerProcess(
  home: string,
  environment: Record<string, string> = {},
): Promise<ServerProcess> {
  const port = environment.AI_TOOLKIT_WORKERS === undefined ? 0 : await freePort();
  const child = spawnServer(home, { AI_TOOLKIT_PORT: String(port), ...environment });
  const { output } = child;
  const ended = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout?.on('data', () => {
      const match = /serves at (http:\S+)\n/.exec(output.stdout);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
    child.on('close', () => reject(new Error(`The server did not start: ${output.stderr}`)));
  });
  const end = async (signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> => {
    child.kill(signal);
    const [code, by] = (await ended) as [number | null, NodeJS.Signals | null];
    return code ?? by;
  };
  return {
    url,
    pid: child.pid ?? 0,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    end,
    [Symbol.asyncDispose]: async () => {
      await end('SIGKILL');
    },
  };
}
