import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A simulator in a process of its own, so that its CPU time is not counted. */
export interface SimulatorProcess extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
}

export async function startSimulator(args: readonly string[] = []): Promise<SimulatorProcess> {
  const manifest = createRequire(import.meta.url).resolve('@ai-toolkit/llm-simulator/package.json');
  const child: ChildProcess = spawn(
    process.execPath,
    [join(dirname(manifest), 'dist', 'main.js'), '--port', '0', ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [line] = (await once(child.stdout ?? child, 'data')) as [Buffer];
  const url = /http:\/\/[\d.]+:\d+/.exec(line.toString())?.[0];
  if (url === undefined) throw new Error(`The simulator did not say where it listens: ${line.toString()}`);
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}
