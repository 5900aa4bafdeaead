import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';

/** A server in its own process. */
export interface ServerProcess extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly pid: number;
}

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
