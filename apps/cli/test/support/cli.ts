import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CommandResult, commandFile, resultOf, startCommand } from '@ai-toolkit/processes/command';

export const main: string = commandFile;

interface Started {
  readonly child: ChildProcess;
  readonly finish: Promise<CommandResult>;
}

/** The built command with a home of its own. */
export interface Cli extends AsyncDisposable {
  readonly home: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Runs a command to its end. */
  run(...args: readonly string[]): Promise<CommandResult>;
  /** The JSON document that a command prints with `--json`. */
  json(...args: readonly string[]): Promise<{ code: CommandResult['code']; value: Record<string, unknown> }>;
  /** Runs a shell command line, in which `ait` is the command. */
  shell(line: string, environment?: Readonly<Record<string, string>>): Promise<CommandResult>;
  /** Starts a command, optionally with other variables; `finish` waits for its end. */
  start(args: readonly string[], input?: string, variables?: Readonly<Record<string, string>>): Started;
}

export async function createCli(environment: Record<string, string> = {}): Promise<Cli> {
  const home = await mkdtemp(join(tmpdir(), 'ai-toolkit-cli-'));
  const { PATH = '', TMPDIR } = process.env;
  const env = { PATH, ...(TMPDIR === undefined ? {} : { TMPDIR }), AI_TOOLKIT_HOME: home, ...environment };

  const start = (
    args: readonly string[],
    input?: string,
    variables: Readonly<Record<string, string>> = {},
  ): Started => startCommand(args, { ...env, ...variables }, home, input);

  const cli: Cli = {
    home,
    environment: env,
    start,
    run: (...args) => start(args).finish,
    json: async (...args) => {
      const { code, stdout } = await start([...args, '--json']).finish;
      return { code, value: JSON.parse(stdout) as Record<string, unknown> };
    },
    shell: (line, environment = env) =>
      resultOf(
        spawn('sh', ['-c', `ait() { '${process.execPath}' '${main}' "$@"; }; ${line}`], {
          env: environment,
          cwd: home,
          stdio: ['ignore', 'pipe', 'pipe'],
        }),
      ),
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true, maxRetries: 5 }),
  };
  return cli;
}
