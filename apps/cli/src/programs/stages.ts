import type { Command } from 'commander';
import { manual } from './manual.js';
import { amount, flagsOf, positiveNumber, stageList, wholeNumber } from './parse-options.js';

/** Commands for the stages of a project, and for importing and extracting code. */
export function addStageCommands(program: Command, done: (code: number) => void): void {
  const runningOne = program
    .command('run-stage')
    .description('run one stage, streaming its text to stdout')
    .requiredOption('-p, --project <id>', 'id, folder or name of the project')
    .requiredOption('-s, --stage <n>', 'number of the stage', wholeNumber)
    .option('-v, --var <key=value...>', 'variable for the template; may be given more than once', [])
    .option('--template <name>', "use this template instead of the stage's own")
    .option('--interactive', 'ask afterwards whether to accept, revise or discard the text')
    .option('-m, --model <name>', 'model to ask')
    .option('--max-tokens <n>', 'longest document, tokens', positiveNumber)
    .option('--max-cost <usd>', 'refuse if it could cost more than this, US dollars', amount)
    .option('--no-cache', 'neither read nor store the answer')
    .option('--refresh', 'request a new answer and store it')
    .action(async (options, command: Command) => {
      const { runStage } = await import('../commands/run-stage.js');
      done(await runStage(options, flagsOf(command)));
    });
  manual(runningOne, {
    examples: [
      'run-stage -p tide-clock -s 1',
      'run-stage -p tide-clock -s 1 --interactive',
      'run-stage -p tide-clock -s 2 -v tone=plain --max-cost 0.10',
    ],
    notes: ['Model, limit, template and variables are kept for later runs of the stage.'],
  });

  const running = program
    .command('run')
    .description('run the stages that are missing or stale, in order')
    .requiredOption('-p, --project <id>', 'id, folder or name of the project')
    .option('--stages <list>', 'only these, such as 1-4,6', stageList)
    .option('--stale', 'only stages whose document is stale')
    .option(
      '--concurrency <n>',
      'stages to run at once, where dependencies allow (default: 2)',
      positiveNumber,
    )
    .option('--max-cost <usd>', 'refuse whatever could cost more than this in total, US dollars', amount)
    .action(async (options, command: Command) => {
      const { run } = await import('../commands/run.js');
      done(await run(options, flagsOf(command)));
    });
  manual(running, { examples: ['run -p tide-clock', 'run -p tide-clock --stages 1-4,6 --max-cost 0.50'] });

  const planning = program
    .command('plan')
    .description('show what run would do: hit or miss, tokens and cost; calls no model')
    .requiredOption('-p, --project <id>', 'id, folder or name of the project')
    .option('--stages <list>', 'only these, such as 1-4,6', stageList)
    .option('--stale', 'only stages whose document is stale')
    .option('--max-cost <usd>', 'as for the run', amount)
    .action(async (options, command: Command) => {
      const { plan } = await import('../commands/plan.js');
      done(await plan(options, flagsOf(command)));
    });
  manual(planning, { examples: ['plan -p tide-clock', 'plan -p tide-clock --stages 1-4'] });

  const resetting = program
    .command('reset-stage')
    .description('reset a stage to not started; its revisions stay')
    .requiredOption('-p, --project <id>', 'id, folder or name of the project')
    .requiredOption('-s, --stage <n>', 'number of the stage', wholeNumber)
    .action(async (options, command: Command) => {
      const { resetStage } = await import('../commands/reset-stage.js');
      done(await resetStage(options, flagsOf(command)));
    });
  manual(resetting, { examples: ['reset-stage -p tide-clock -s 3'] });

  const extracting = program
    .command('extract-code')
    .description('write the files contained in a document to disk')
    .requiredOption('-p, --project <id>', 'id, folder or name of the project')
    .requiredOption('-s, --stage <n>', 'number of the stage', wholeNumber)
    .requiredOption('-o, --output <dir>', 'folder, created if missing; nothing is written outside it')
    .option('--force', 'replace existing files with other contents')
    .option('--dry-run', 'only show what would be done')
    .action(async (options, command: Command) => {
      const { extractCode } = await import('../commands/extract-code.js');
      done(await extractCode(options, flagsOf(command)));
    });
  manual(extracting, {
    examples: ['extract-code -p tide-clock -s 6 -o src', 'extract-code -p tide-clock -s 6 -o src --dry-run'],
    notes: ['All files are written or none.'],
  });

  const importing = program
    .command('import-code')
    .description('import code for later stages, replacing what was imported before')
    .requiredOption('-p, --project <id>', 'id, folder or name of the project')
    .option('-f, --file <file...>', 'file or folder; may be given more than once', [])
    .option('-d, --description <text>', 'what the code is')
    .option('--max-tokens <n>', 'longest imported text, tokens (default: 20000)', positiveNumber)
    .option('--remove', 'remove imported code')
    .action(async (options, command: Command) => {
      const { importCode } = await import('../commands/import-code.js');
      done(await importCode(options, flagsOf(command)));
    });
  manual(importing, {
    examples: [
      'import-code -p tide-clock -f src -d "The firmware as it is"',
      'import-code -p tide-clock --remove',
    ],
    notes: [
      'Files that may hold secrets, binaries, large files and files ignored by git are left out, and listed.',
    ],
  });
}
