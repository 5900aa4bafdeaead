import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../apps/server/dist/main.js', import.meta.url));

/** The built server in a process of its own, with a home of its own. */
export interface ServerProcess extends AsyncDisposable {
  readonly url: string;
  /** Resident memory, bytes. Linux alone tells it. */
  residentBytes(): Promise<number>;
  /** Open files and sockets. */
  openFiles(): Promise<number>;
}

/** `config`: TOML. */
export async function startServer(
  config: string,
  environment: Readonly<Record<string, string>>,
): Promise<ServerProcess> {
  const home = await mkdtemp(join(tmpdir(), 'ai-toolkit-bench-'));
  await writeFile(join(home, 'config.toml'), config);
  const { PATH = '' } = process.env;
  const child: ChildProcess = spawn(process.execPath, [main], {
    env: { PATH, AI_TOOLKIT_HOME: home, AI_TOOLKIT_PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  const url = /http:\/\/[\d.]+:\d+/.exec(line.toString())?.[0];
  if (url === undefined) throw new Error(`The server did not say where it listens: ${line.toString()}`);
  const folder = `/proc/${child.pid}`;
  return {
    url,
    residentBytes: async () => {
      const status = await readFile(`${folder}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
    },
    openFiles: async () => (await readdir(`${folder}/fd`)).length,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, 'exit');
      await rm(home, { recursive: true, force: true });
    },
  };
}
