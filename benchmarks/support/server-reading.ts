import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import type { LivingObjects } from './living-objects.ts';
import { openFilesOf, residentBytesOf } from './process-facts.ts';
import type { ServerProcess } from './server-process.ts';

/** Resources that a server holds while idle. */
export interface Reading extends LivingObjects {
  readonly residentBytes: number;
  readonly openFiles: number;
}

/** Takes readings of servers started with its `environment`. */
export interface Reader extends AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>;
  /** Waits until the server is idle. */
  read(server: ServerProcess): Promise<Reading>;
}

/** Time for the idle provider connections to be closed by their timeout, ms. */
const idleMs = 6000;

export async function createReader(): Promise<Reader> {
  const folder = await mkdtemp(join(tmpdir(), 'ai-toolkit-living-'));
  const file = join(folder, 'living.json');
  const preload = new URL('./living-objects.ts', import.meta.url).href;

  async function living(pid: number): Promise<LivingObjects> {
    await rm(file, { force: true });
    process.kill(pid, 'SIGUSR2');
    for (;;) {
      const text = await readFile(file, 'utf8').catch(() => '');
      if (text !== '') return JSON.parse(text) as LivingObjects;
      await setTimeout(50);
    }
  }

  return {
    environment: { NODE_OPTIONS: `--import=${preload} --no-warnings`, LIVING_OBJECTS: file },
    async read({ url, pid }) {
      while (!/^ai_toolkit_inflight(\{.*\})? 0$/m.test(await (await fetch(`${url}/metrics`)).text()))
        await setTimeout(100);
      await setTimeout(idleMs);
      // Read first, since counting objects starts with a garbage collection.
      const residentBytes = await residentBytesOf(pid);
      const openFiles = await openFilesOf(pid);
      return { residentBytes, openFiles, ...(await living(pid)) };
    },
    [Symbol.asyncDispose]: async () => rm(folder, { recursive: true, force: true }),
  };
}
