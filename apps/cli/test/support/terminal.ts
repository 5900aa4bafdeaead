import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { describe } from 'vitest';
import { main } from './cli.js';

/** util-linux's `script` runs a command on a pseudo-terminal. */
const hasTerminal: boolean =
  spawnSync('script', ['--version']).stdout?.toString().includes('util-linux') ?? false;
if (!hasTerminal && process.env.AI_TOOLKIT_REQUIRE_SERVICES === '1') {
  throw new Error("util-linux's script is not installed, and AI_TOOLKIT_REQUIRE_SERVICES asks for it");
}

if (!hasTerminal) console.warn("util-linux's script is not installed: the tests on a terminal are SKIPPED");

/** Tests on a pseudo-terminal; skipped, and seen to be, where there is none. */
export const describeOnTerminal: typeof describe | typeof describe.skip = hasTerminal
  ? describe
  : describe.skip;

/** A command that runs on a pseudo-terminal. */
export interface Terminal {
  /** All that it has shown so far, marks included. */
  readonly shown: string;
  /** Types keys. */
  type(keys: string): void;
  /** Resolves when the screen has shown it. */
  see(text: string | RegExp): Promise<void>;
  /** Resolves with the exit code. */
  readonly end: Promise<number | null>;
}

export const keys = { enter: '\r', down: '\u001B[B', ctrlC: '\u0003', ctrlD: '\u0004' } as const;

/** Starts a command in a home, its input, output and errors on a pseudo-terminal of its own. */
export function onTerminal(
  home: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Terminal {
  const words = [process.execPath, main, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const child = spawn('script', ['-qec', words.join(' '), '/dev/null'], {
    cwd: home,
    env: { PATH: process.env.PATH, TERM: 'xterm', AI_TOOLKIT_HOME: home, ...environment },
  });
  let shown = '';
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  const end = once(child, 'close').then(([code]) => code as number | null);
  return {
    get shown() {
      return shown;
    },
    type: (text) => {
      child.stdin.write(text);
    },
    async see(text) {
      const isThere = (): boolean => (typeof text === 'string' ? shown.includes(text) : text.test(shown));
      while (!isThere()) {
        const ended = await Promise.race([
          once(child.stdout, 'data').then(() => false),
          end.then(() => true),
        ]);
        if (ended && !isThere())
          throw new Error(`The command ended without ${String(text)}, and showed:\n${shown}`);
      }
    },
    end,
  };
}
