import { Command, CommanderError } from 'commander';
import { refuseEmptyPaths } from './empty-paths.js';
import { exitCode } from './exit-code.js';
import type { ErrorReport } from './output/report-error.js';
import { groups } from './programs/groups.js';
import { manual } from './programs/manual.js';

/** Parses the command line and runs the command, loading only what it needs. Resolves with the exit code. */
export async function runProgram(args: readonly string[], version: string): Promise<number> {
  const json = args.includes('--json');
  let code: number = exitCode.done;
  const program = await createProgram(args, version, (result) => {
    code = result;
  });
  // With `--json`, stdout is a single document, which includes the parser's output.
  let said = '';
  for (const command of withSubcommands(program)) {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        if (json) said += text;
        else process.stdout.write(text);
      },
      writeErr: (text) => {
        if (json) said += text;
        else process.stderr.write(text);
      },
    });
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const isAnswered = error.exitCode === 0;
    if (json) {
      const document = isAnswered ? answerOf(said, error) : { error: misuseOf(said, error) };
      process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    }
    return isAnswered ? exitCode.done : exitCode.usage;
  }
}

/** The output of `--version` or `--help`. */
function answerOf(said: string, { code }: CommanderError): object {
  return code === 'commander.version' ? { version: said.trim() } : { help: said };
}

function misuseOf(said: string, error: CommanderError): ErrorReport {
  // Without a command, the parser prints the whole help.
  const isMissing = error.code === 'commander.help';
  const message = isMissing ? 'A command is missing.' : sentenceOf(said.trim() || error.message);
  return { code: 'USAGE', message, hint: 'See ai-toolkit --help.', exitCode: exitCode.usage };
}

/** Turns the parser's message into one sentence: without its prefix, and without the advice that becomes the hint. */
function sentenceOf(said: string): string {
  const lines = said
    .replace(/^error: /, '')
    .split('\n')
    .filter((line) => !line.startsWith('Run with --help'));
  return lines.map((line) => line.trim()).join(' ');
}

function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** Options with a value that must not be mistaken for a command name. */
const valueOptions: ReadonlySet<string> = new Set(['--config', '--profile']);

/** The program with the group of the named command, or with all groups if there is none. */
export async function createProgram(
  args: readonly string[],
  version: string,
  done: (code: number) => void,
): Promise<Command> {
  const program = new Command('ai-toolkit')
    .description('Plans projects in stages with a language model, answers prompts, and serves a gateway.')
    .version(version, '-V, --version')
    .option('--json', 'print one JSON document on stdout, even on failure')
    .option('--quiet', 'print no notices')
    .option('--verbose', 'print more')
    .option('--no-color', 'print no colours')
    .option('--no-input', 'ask no questions, and do not read stdin')
    .option('--config <file>', 'configuration file to use instead of your own')
    .option('--profile <name>', 'profile of the configuration file')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Run with --help for the options.')
    .hook('preAction', (_program, command) => refuseEmptyPaths(command));
  manual(program, {
    examples: [
      'generate "Why do tides come twice a day?"',
      'init -n "Tide Clock" -d "A wall clock that shows the tide"',
      'run -p tide-clock',
      'serve',
      'diagnose',
    ],
    notes: [
      "Results go to stdout, everything else to stderr. Without a provider's API key, answers are simulated and say so.",
      'Exit codes: 0 done, 1 failure, 2 usage, 3 not found, 4 authentication, 5 provider, 6 limit or budget, 7 unmet stage, 130 interrupted.',
    ],
  });
  const name = args.find((arg, index) => !arg.startsWith('-') && !valueOptions.has(args[index - 1] ?? ''));
  const named = groups.filter(({ names }) => name !== undefined && names.includes(name));
  for (const { load } of named.length === 0 ? groups : named) (await load())(program, done);
  return program;
}
