import type { Command } from 'commander';
import { collect, flagsOf, number, oneOf, stageList, wholeNumber } from './parse-options.js';

/** Projects and their stages. */
export function addProjectCommands(program: Command, done: (code: number) => void): void {
  program
    .command('init')
    .description('start a project')
    .requiredOption('-n, --name <name>', 'name of the project')
    .option('-d, --description <text>', 'the idea in a few sentences')
    .option('--idea-file <file>', 'read the idea from a file')
    .option('--path <dir>', 'make the folder inside this one, and remember it')
    .option('-t, --tag <tag>', 'tag; may be given more than once', collect, [])
    .action(async (options, command: Command) => {
      const { init } = await import('../commands/init.js');
      done(await init(options, flagsOf(command)));
    });
  program
    .command('list')
    .description('list the projects')
    .option('--tag <tag>', 'only those with this tag')
    .option('--sort <field>', 'updated, name or created', oneOf('updated', 'name', 'created'), 'updated')
    .option('--limit <n>', 'at most this many', wholeNumber)
    .action(async (options, command: Command) => {
      const { list } = await import('../commands/list.js');
      done(await list(options, flagsOf(command)));
    });
  program
    .command('status')
    .description('show a project and its stages')
    .requiredOption('-p, --project <id>', 'id of the project')
    .action(async (options, command: Command) => {
      const { status } = await import('../commands/status.js');
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
      const { runStage } = await import('../commands/run-stage.js');
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
      const { run } = await import('../commands/run.js');
      done(await run(options, flagsOf(command)));
    });
}
