import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface Child {
  /** Resolves when the child has printed this line; rejects if it ends without. */
  said(line: string): Promise<void>;
  /** All lines so far. */
  lines(): readonly string[];
  /** Kills it and waits until it has ended. */
  kill(): Promise<void>;
  /** Waits until it has ended by itself. */
  ended(): Promise<void>;
}

/** Runs a script with the built package, as the command line would. */
export function spawnChild(script: URL, ...args: readonly string[]): Child {
  const child: ChildProcessByStdio<null, Readable, null> = spawn(
    process.execPath,
    [fileURLToPath(script), ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const exited = once(child, 'exit');
  const seen: string[] = [];
  const lines = createInterface({ input: child.stdout });
  const closed = once(lines, 'close');
  lines.on('line', (line) => seen.push(line));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  onTestFinished(kill);
  return {
    kill,
    lines: () => seen,
    ended: async () => {
      await Promise.all([exited, closed]);
    },
    said: async (line) => {
      const heard = new Promise<void>((resolve) => {
        if (seen.includes(line)) resolve();
        lines.on('line', (next) => next === line && resolve());
      });
      await Promise.race([heard, closed]);
      if (!seen.includes(line)) throw new Error(`The child ended without saying ${line}`);
    },
  };
}
