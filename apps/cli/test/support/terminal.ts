import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe } from 'vitest';
import { type Cli, main } from './cli.js';

/** util-linux's `script` runs a command on a pseudo-terminal. */
const hasTerminal: boolean =
  spawnSync('script', ['--version']).stdout?.toString().includes('util-linux') ?? false;
if (!hasTerminal && process.env.AI_TOOLKIT_REQUIRE_SERVICES === '1') {
  throw new Error("util-linux's script is not installed, and AI_TOOLKIT_REQUIRE_SERVICES asks for it");
}
if (!hasTerminal) console.warn("util-linux's script is not installed: the tests on a terminal are SKIPPED");

/** Tests on a pseudo-terminal; reported as skipped if there is none. */
export const describeOnTerminal: typeof describe | typeof describe.skip = hasTerminal
  ? describe
  : describe.skip;

/** A command on its own terminal: its output, both streams in one, and its keyboard input. */
export interface Terminal {
  /** Resolves when the screen has shown the text since the last wait. */
  shows(text: string | RegExp): Promise<void>;
  type(keys: string): void;
  /**
   * Resolves with the exit code, the whole output, without and with control characters, and the settings of the terminal before
   * and after the command.
   */
  readonly finish: Promise<{
    readonly code: number;
    readonly screen: string;
    readonly raw: string;
    readonly settings: { readonly before: string; readonly after: string };
  }>;
}

export const enter = '\r';
export const down = '\u001b[B';
export const controlC = '\u0003';
export const controlD = '\u0004';

/** Starts a command on a terminal. */
export function startOnTerminal(
  cli: Cli,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Terminal {
  return startProgramOnTerminal(cli, [process.execPath, main, ...args], variables);
}

/** Starts any program under `script`, which gives it a pseudo-terminal. */
export function startProgramOnTerminal(
  { home, environment }: Cli,
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Terminal {
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const settings = join(tmpdir(), `ai-toolkit-terminal-${randomUUID()}`);
  // The shell must survive a Ctrl-C, which the terminal sends to it as well.
  const command = `stty cols 120 rows 40; stty -g > ${settings}; trap : INT; ${quoted.join(' ')}; code=$?; stty -g >> ${settings}; exit $code`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...environment, TERM: 'xterm', SHELL: '/bin/sh', ...variables },
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
          const found = placeOf(text, screen.slice(seen));
          if (found === undefined) return;
          seen += found;
          look = () => undefined;
          resolve();
        };
        child.once('close', () => reject(new Error(`It ended without showing ${String(text)}:\n${raw}`)));
        look();
      }),
    type: (keys) => void child.stdin.write(keys),
    finish: once(child, 'close').then(async ([code]) => {
      const [before = '', after = ''] = (await readFile(settings, 'utf8')).trim().split('\n');
      await rm(settings);
      return {
        code: Number(code),
        screen: stripVTControlCharacters(raw),
        raw,
        settings: { before, after },
      };
    }),
  };
}

/** The position after the text in the output. */
function placeOf(text: string | RegExp, shown: string): number | undefined {
  if (typeof text === 'string') return shown.includes(text) ? shown.indexOf(text) + text.length : undefined;
  const match = text.exec(shown);
  return match === null ? undefined : match.index + match[0].length;
}
