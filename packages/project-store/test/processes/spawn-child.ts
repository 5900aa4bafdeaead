import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const script = fileURLToPath(new URL('child.mjs', import.meta.url));

export interface Child {
  /** Resolves when the child has printed this line; rejects if it ends without. */
  said(line: string): Promise<void>;
  /** All lines printed so far. */
  readonly lines: ReadonlySet<string>;
  /** Kills it and waits until it has ended. */
  kill(): Promise<void>;
}

/** Runs the child with the built package, as another installation would. */
export function spawnChild(root: string, ...args: readonly string[]): Child {
  return start(JSON.stringify([root]), ...args);
}

/** The same on projects in a database. */
export function spawnPostgresChild(url: string, schema: string, ...args: readonly string[]): Child {
  return start(JSON.stringify([url, schema]), ...args);
}

function start(...args: readonly string[]): Child {
  return follow(spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] }));
}

/** The same with files limited to 100 KB, which fails like a full disk. */
export function spawnLimitedChild(root: string, ...args: readonly string[]): Child {
  return startLimited('-f 200', root, ...args);
}

/** The same with at most 100 open files. */
export function spawnScarceChild(root: string, ...args: readonly string[]): Child {
  return startLimited('-n 100', root, ...args);
}

function startLimited(limit: string, root: string, ...args: readonly string[]): Child {
  return follow(
    spawn(
      'sh',
      ['-c', `ulimit ${limit}; exec "$0" "$@"`, process.execPath, script, JSON.stringify([root]), ...args],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    ),
  );
}

function follow(child: ChildProcessByStdio<null, Readable, null>): Child {
  const exited = once(child, 'exit');
  const seen = new Set<string>();
  const lines = createInterface({ input: child.stdout });
  const closed = once(lines, 'close');
  lines.on('line', (line) => seen.add(line));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
    // Wait until its output has been read to the end.
    await closed;
  };
  onTestFinished(kill);
  return {
    kill,
    lines: seen,
    said: async (line) => {
      const heard = new Promise<void>((resolve) => {
        if (seen.has(line)) resolve();
        lines.on('line', (next) => next === line && resolve());
      });
      await Promise.race([heard, closed]);
      if (!seen.has(line)) throw new Error(`The child ended without saying ${line}`);
    },
  };
}
