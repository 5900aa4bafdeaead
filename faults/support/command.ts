import { type CommandResult, startCommand } from '@ai-toolkit/processes/command';

/** The built command with a home of its own. */
export interface Command {
  readonly home: string;
  start: (...args: readonly string[]) => ReturnType<typeof startCommand>;
  run(...args: readonly string[]): Promise<CommandResult>;
  /** Runs it with `--json`, and parses its output. */
  json<Value>(
    ...args: readonly string[]
  ): Promise<{ readonly code: CommandResult['code']; readonly value: Value }>;
}

export function commandAt(home: string, openaiBaseUrl: string): Command {
  const { PATH = '' } = process.env;
  const environment = {
    PATH,
    AI_TOOLKIT_HOME: home,
    OPENAI_BASE_URL: openaiBaseUrl,
    OPENAI_API_KEY: 'faults',
  };
  const start = (...args: readonly string[]): ReturnType<typeof startCommand> =>
    startCommand(args, environment, home, '');
  return {
    home,
    start,
    run: (...args) => start(...args).finish,
    json: async <Value>(...args: readonly string[]) => {
      const { code, stdout, stderr } = await start(...args, '--json').finish;
      if (stdout === '') throw new Error(`${args[0]} printed nothing: ${stderr}`);
      return { code, value: JSON.parse(stdout) as Value };
    },
  };
}
