import type { Command } from 'commander';
import { manual } from './manual.js';
import { flagsOf, oneOf, positiveNumber, wholeNumber } from './parse-options.js';

/** Projects as a whole. */
export function addProjectCommands(program: Command, done: (code: number) => void): void {
  const init = program
    .command('init')
    .description('start a project; asks for what is missing where there is a terminal')
    .option('-n, --name <name>', 'name of the project')
    .option('-d, --description <text>', 'the idea in a few sentences')
    .option('--idea-file <file>', 'read the idea from a file')
    .option('--path <dir>', 'make the folder inside this one, and remember it')
    .option('-t, --tag <tag...>', 'tag; may be given more than once', [])
    .action(async (options, command: Command) => {
      const { init } = await import('../commands/init.js');
      done(await init(options, flagsOf(command)));
    });
  manual(init, {
    examples: [
      'init -n "Tide Clock" -d "A wall clock that shows the tide"',
      'init -n "Tide Clock" --idea-file idea.md -t home -t sea',
      'init',
    ],
    notes: [
      'Prints the id and the folder. A name that is taken gets a numbered folder; nothing is overwritten.',
    ],
  });

  const list = program
    .command('list')
    .description('list the projects')
    .option('--tag <tag>', 'only those with this tag')
    .option('--sort <field>', 'updated, name or created', oneOf('updated', 'name', 'created'), 'updated')
    .option('--limit <n>', 'at most this many', wholeNumber)
    .action(async (options, command: Command) => {
      const { list } = await import('../commands/list.js');
      done(await list(options, flagsOf(command)));
    });
  manual(list, { examples: ['list', 'list --tag sea --sort name', 'list --json | jq -r ".projects[].id"'] });

  const status = program
    .command('status')
    .description('show a project and its stages: done, stale and why, running, failed, tokens, cost')
    .requiredOption('-p, --project <id>', 'id, folder or name of the project')
    .action(async (options, command: Command) => {
      const { status } = await import('../commands/status.js');
      done(await status(options, flagsOf(command)));
    });
  manual(status, { examples: ['status -p tide-clock'], notes: ['Asks nobody, and needs no key.'] });

  const exporting = program
    .command('export')
    .description('write all documents of a project to a folder')
    .requiredOption('-p, --project <id>', 'id, folder or name of the project')
    .requiredOption('-o, --output <dir>', 'folder, made when it is not there')
    .option('--format <format>', 'md, html or json', oneOf('md', 'html', 'json'), 'md')
    .option('--force', 'replace files that are there with another text')
    .action(async (options, command: Command) => {
      const { exportProject } = await import('../commands/export.js');
      done(await exportProject(options, flagsOf(command)));
    });
  manual(exporting, {
    examples: ['export -p tide-clock -o out', 'export -p tide-clock -o site --format html'],
    notes: ['All files are written or none. The pages load nothing and run nothing.'],
  });

  const deleting = program
    .command('delete')
    .description('move a project to the trash; asks first')
    .requiredOption('-p, --project <id>', 'id, folder or name of the project')
    .option('--yes', 'do not ask')
    .option('--permanent', 'delete it for good')
    .action(async (options, command: Command) => {
      const { deleteProject } = await import('../commands/delete.js');
      done(await deleteProject(options, flagsOf(command)));
    });
  manual(deleting, { examples: ['delete -p tide-clock', 'delete -p tide-clock --yes --permanent'] });

  const batching = program
    .command('batch')
    .description('do the operations of a list, and go on where it stopped')
    .requiredOption('-f, --file <file>', 'JSON or TOML list of operations')
    .option('--restart', 'begin anew instead of doing the rest')
    .option('--concurrency <n>', 'projects at work at once (default: 2)', positiveNumber)
    .action(async (options, command: Command) => {
      const { batch } = await import('../commands/batch.js');
      done(await batch(options, flagsOf(command)));
    });
  manual(batching, {
    examples: ['batch -f operations.json', 'batch -f operations.toml --restart'],
    notes: [
      'A row is {"operation": "run-stage", "project_id": "tide-clock", "stage": 1}, with the options of that command (max_tokens, max_cost, …). Operations: run-stage, run, reset-stage, import-code, extract-code, export. In TOML: [[rows]].',
      'Rows of one project are done in their order. A row that fails stops no other, and the exit code is 1. The same command does what is not done yet.',
    ],
  });

  const repairing = program
    .command('repair')
    .alias('repair-db')
    .description('rebuild the index, finish or move aside what is half-made or damaged')
    .option('--dry-run', 'only say what would be done')
    .action(async (options, command: Command) => {
      const { repair } = await import('../commands/repair.js');
      done(await repair(options, flagsOf(command)));
    });
  manual(repairing, {
    examples: ['repair --dry-run', 'repair'],
    notes: [
      'Damaged projects are moved whole into the folder .quarantine of the projects; no project is deleted.',
    ],
  });

  const migrating = program
    .command('migrate')
    .description('bring in projects of the older layout, one project.json each')
    .argument('<dir>', 'folder of the older projects, one of them, or its file')
    .option('--dry-run', 'only say what would be done')
    .action(async (dir: string, options, command: Command) => {
      const { migrate } = await import('../commands/migrate.js');
      done(await migrate(dir, options, flagsOf(command)));
    });
  manual(migrating, {
    examples: ['migrate ~/.ai-toolkit/projects --dry-run', 'migrate ~/.ai-toolkit/projects'],
    notes: ['The older files stay as they are. A second run brings nothing in twice.'],
  });
}
