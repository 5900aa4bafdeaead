import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { type Cli, main } from './cli.js';

/** A command on a terminal of its own: what it shows, both streams in one, and what is typed. */
export interface Terminal {
  /** Resolves when the screen has shown the text since the last wait. */
  shows(text: string): Promise<void>;
  type(keys: string): void;
  /** Ends with the exit code and all that was shown, without control characters. */
  readonly finish: Promise<{ readonly code: number; readonly screen: string; readonly raw: string }>;
}

export const enter = '\r';
export const down = '\u001b[B';
export const controlC = '\u0003';

/** Starts a command under `script`, which gives it a pseudo-terminal. */
export function startOnTerminal({ home, environment }: Cli, args: readonly string[]): Terminal {
  const quoted = [process.execPath, main, ...args].map((arg) => `'${arg.replaceAll("'", `'\\''`)}'`);
  const command = `stty cols 120 rows 40; exec ${quoted.join(' ')}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...environment, TERM: 'xterm', SHELL: '/bin/sh' },
    cwd: home,
  });
  let raw = '';
  let seen = 0;
  let look: () => void = () => undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    raw += chunk.toString();
    look();
  });
  return {
    shows: (text) =>
      new Promise((resolve, reject) => {
        look = () => {
          const screen = stripVTControlCharacters(raw);
          const place = screen.indexOf(text, seen);
          if (place < 0) return;
          seen = place + text.length;
          look = () => undefined;
          resolve();
        };
        child.once('close', () =>
          reject(new Error(`It ended without showing ${JSON.stringify(text)}:\n${raw}`)),
        );
        look();
      }),
    type: (keys) => void child.stdin.write(keys),
    finish: once(child, 'close').then(([code]) => ({
      code: Number(code),
      screen: stripVTControlCharacters(raw),
      raw,
    })),
  };
}
