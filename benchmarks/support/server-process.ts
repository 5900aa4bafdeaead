import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import process from 'node:process';

/** A server in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly pid: number;
}

/** Kernel ticks a second in `/proc`, the same on every Linux that Node runs on. */
const ticksPerSecond = 100;

/** Starts a Node program that prints its URL on stdout once it listens. */
export async function startServerProcess(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<ServerProcess> {
  const child: ChildProcess = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: environment,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${args[0]} could not be started.`);
  const url = await listeningUrl(child);
  return {
    url,
    pid,
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function listeningUrl(child: ChildProcess): Promise<string> {
  let said = '';
  for await (const chunk of child.stdout ?? []) {
    said += String(chunk);
    const url = /http:\/\/(?:127\.0\.0\.1|localhost):\d+/.exec(said)?.[0];
    if (url === undefined) continue;
    return url.replace('localhost', '127.0.0.1');
  }
  throw new Error(`The server ended without saying where it listens: ${said}`);
}

/** CPU time that a process and those that it started have used so far, user and system, µs. Linux only. */
export async function cpuOf(pids: readonly number[]): Promise<number> {
  const ticks = await Promise.all(
    pids.map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
      // Behind the name, which may hold anything but ends with the last parenthesis: fields 14 and 15 of proc(5).
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return Number(fields[11]) + Number(fields[12]);
    }),
  );
  return (ticks.reduce((sum, each) => sum + each, 0) * 1_000_000) / ticksPerSecond;
}
