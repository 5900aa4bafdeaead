import { Command, CommanderError } from 'commander';
import { exitCode } from './exit-code.js';
import { addKeyCommands } from './programs/keys.js';
import { addModelCommands } from './programs/models.js';
import { addProjectCommands } from './programs/projects.js';
import { addServiceCommands } from './programs/services.js';
import { version } from './version.js';

/** Parses the command line, loads the command that it names, and runs it. Resolves with the exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  let code: number = exitCode.done;
  const program = createProgram((result) => {
    code = result;
  });
  // With `--json` all of stdout is one document: what the parser has to say goes into it.
  let said = '';
  for (const command of [
    program,
    ...program.commands,
    ...program.commands.flatMap((group) => group.commands),
  ]) {
    command.exitOverride().configureOutput({
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
    if (error.exitCode === 0) return exitCode.done;
    if (json) {
      const message = said.trim() || error.message;
      const report = { code: 'USAGE', message, hint: 'See ai-toolkit --help.', exitCode: exitCode.usage };
      process.stdout.write(`${JSON.stringify({ error: report }, null, 2)}\n`);
    }
    return exitCode.usage;
  }
}

function createProgram(done: (code: number) => void): Command {
  const program = new Command('ai-toolkit')
    .description('Plans projects in stages with a language model, answers prompts, and serves a gateway.')
    .version(version, '-V, --version')
    .option('--json', 'print one JSON document on stdout, also on failure')
    .option('--quiet', 'print no notices')
    .option('--verbose', 'print more')
    .option('--no-color', 'print no colours')
    .option('--no-input', 'ask nothing, and do not read stdin')
    .option('--config <file>', 'configuration file in place of your own')
    .showHelpAfterError('Run with --help for the options.')
    .addHelpText(
      'after',
      `
Examples:
  ai-toolkit generate "Why do tides come twice a day?"
  ai-toolkit init -n "Tide Clock" -d "A wall clock that shows the tide"
  ai-toolkit run -p tide-clock
  ai-toolkit serve

Exit codes: 0 done, 1 failure, 2 usage, 3 not found, 4 authentication, 5 provider, 6 limit or budget, 7 unmet stage, 130 interrupted.`,
    );
  addProjectCommands(program, done);
  addModelCommands(program, done);
  addServiceCommands(program, done);
  addKeyCommands(program, done);
  return program;
}
