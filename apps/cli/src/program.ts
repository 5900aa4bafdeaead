import { Command, CommanderError } from 'commander';
import { exitCode } from './exit-code.js';
import { addKeyCommands } from './keys-program.js';
import { collect, flagsOf, number, oneOf, stageList, wholeNumber } from './parse-options.js';
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

type Done = (code: number) => void;

function createProgram(done: Done): Command {
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

function addProjectCommands(program: Command, done: Done): void {
  program
    .command('init')
    .description('start a project')
    .requiredOption('-n, --name <name>', 'name of the project')
    .option('-d, --description <text>', 'the idea in a few sentences')
    .option('--idea-file <file>', 'read the idea from a file')
    .option('--path <dir>', 'make the folder inside this one, and remember it')
    .option('-t, --tag <tag>', 'tag; may be given more than once', collect, [])
    .action(async (options, command: Command) => {
      const { init } = await import('./commands/init.js');
      done(await init(options, flagsOf(command)));
    });
  program
    .command('list')
    .description('list the projects')
    .option('--tag <tag>', 'only those with this tag')
    .option('--sort <field>', 'updated, name or created', oneOf('updated', 'name', 'created'), 'updated')
    .option('--limit <n>', 'at most this many', wholeNumber)
    .action(async (options, command: Command) => {
      const { list } = await import('./commands/list.js');
      done(await list(options, flagsOf(command)));
    });
  program
    .command('status')
    .description('show a project and its stages')
    .requiredOption('-p, --project <id>', 'id of the project')
    .action(async (options, command: Command) => {
      const { status } = await import('./commands/status.js');
      done(await status(options, flagsOf(command)));
    });
  program
    .command('run-stage')
    .description('run one stage')
    .requiredOption('-p, --project <id>', 'id of the project')
    .requiredOption('-s, --stage <n>', 'number of the stage', wholeNumber)
    .option('-v, --var <key=value>', 'variable for the template; may be given more than once', collect, [])
    .option('--template <name>', "another template than the stage's own")
    .option('-m, --model <name>', 'model to ask')
    .option('--max-tokens <n>', 'upper bound of the document, tokens', wholeNumber)
    .option('--max-cost <usd>', 'refuse when it could cost more than this, US dollars', number)
    .option('--no-cache', 'neither read nor store the answer')
    .option('--refresh', 'ask anew and store the answer')
    .action(async (options, command: Command) => {
      const { runStage } = await import('./commands/run-stage.js');
      done(await runStage(options, flagsOf(command)));
    });
  program
    .command('run')
    .description('run the stages that are missing or stale, in their order')
    .requiredOption('-p, --project <id>', 'id of the project')
    .option('--stages <list>', 'only these, such as 1-4,6', stageList)
    .option('--stale', 'only those that have a stale document')
    .option('--concurrency <n>', 'stages at once, where their order allows it', wholeNumber)
    .option('--max-cost <usd>', 'refuse what could cost more than this in all, US dollars', number)
    .action(async (options, command: Command) => {
      const { run } = await import('./commands/run.js');
      done(await run(options, flagsOf(command)));
    });
}

function addModelCommands(program: Command, done: Done): void {
  program
    .command('generate')
    .description('answer a prompt; reads stdin when it is piped')
    .argument('[prompt]', 'the prompt')
    .option('-m, --model <name>', 'model to ask')
    .option('-s, --system <text>', 'instructions before the prompt')
    .option('-f, --file <file>', 'text put before the prompt; may be given more than once', collect, [])
    .option('--max-tokens <n>', 'upper bound of the answer, tokens', wholeNumber)
    .option('--temperature <t>', 'randomness, 0 to 2', number)
    .option('--no-stream', 'print the answer when it is whole')
    .option('--no-cache', 'neither read nor store the answer')
    .option('--refresh', 'ask anew and store the answer')
    .option('--only-if-cached', 'fail when no answer is stored, and ask nobody')
    .option('-o, --output <file>', 'write the answer to a file')
    .action(async (prompt: string | undefined, options, command: Command) => {
      const { generate } = await import('./commands/generate.js');
      done(await generate(prompt, options, flagsOf(command)));
    });
  program
    .command('serve')
    .description('run the gateway and its dashboard')
    .option('--port <n>', 'port; 0 takes a free one', wholeNumber)
    .option('--host <address>', 'address to bind; others than loopback need a gateway key')
    .action(async (options, command: Command) => {
      const { serve } = await import('./commands/serve.js');
      done(await serve(options, flagsOf(command)));
    });
}

function addServiceCommands(program: Command, done: Done): void {
  program
    .command('cache')
    .description('look into the response cache')
    .command('stats')
    .description('entries, bytes and hits of each tier')
    .action(async (_options, command: Command) => {
      const { cacheStats } = await import('./commands/cache-stats.js');
      done(await cacheStats(flagsOf(command)));
    });
  program
    .command('diagnose')
    .description('check configuration, providers, folders, cache and projects')
    .action(async (_options, command: Command) => {
      const { diagnose } = await import('./commands/diagnose.js');
      done(await diagnose(flagsOf(command)));
    });
}
