import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const main: string = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

interface Result {
  readonly code: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly child: ChildProcess;
  readonly finish: Promise<Result>;
}

/** The built command with a home of its own. */
export interface Cli extends AsyncDisposable {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Runs a command to its end. */
  run(...args: readonly string[]): Promise<Result>;
  /** The JSON document that a command prints with `--json`. */
  json(...args: readonly string[]): Promise<{ code: Result['code']; value: Record<string, unknown> }>;
  /** Starts a command, with other variables if need be; `finish` waits for its end. */
  start(args: readonly string[], input?: string, variables?: Readonly<Record<string, string>>): Started;
}

export async function createCli(environment: Record<string, string> = {}): Promise<Cli> {
  const home = await mkdtemp(join(tmpdir(), 'ai-toolkit-cli-'));
  const { PATH = '', TMPDIR } = process.env;
  const env = { PATH, ...(TMPDIR === undefined ? {} : { TMPDIR }), AI_TOOLKIT_HOME: home, ...environment };

  function start(
    args: readonly string[],
    input?: string,
    variables: Readonly<Record<string, string>> = {},
  ): Started {
    const child = spawn(process.execPath, [main, ...args], { env: { ...env, ...variables }, cwd: home });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    // Without input, stdin stays open, as it does under many programs that start others.
    if (input !== undefined) child.stdin.end(input);
    const finish = once(child, 'close').then(([code, signal]) => ({ code: code ?? signal, stdout, stderr }));
    return { child, finish };
  }

  const cli: Cli = {
    home,
    environment: env,
    start,
    run: (...args) => start(args).finish,
    json: async (...args) => {
      const { code, stdout } = await start([...args, '--json']).finish;
      return { code, value: JSON.parse(stdout) as Record<string, unknown> };
    },
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
  return cli;
}
