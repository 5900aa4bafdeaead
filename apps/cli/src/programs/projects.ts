import type { Command } from 'commander';
import { manual } from './manual.js';
import { flagsOf, oneOf, positiveNumber, wholeNumber } from './parse-options.js';

/** Commands for whole projects. */
export function addProjectCommands(program: Command, done: (code: number) => void): void {
  const init = program
    .command('init')
    .description('start a project; on a terminal it asks for what is missing')
    .option('-n, --name <name>', 'name of the project')
    .option('-d, --description <text>', 'the idea in a few sentences')
    .option('--idea-file <file>', 'read the idea from a file')
    .option('--path <dir>', "create the project's folder inside this one, and remember it")
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
      'Prints the id and the folder. If the folder is taken, a number is appended; nothing is overwritten.',
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
    .requiredOption('-o, --output <dir>', 'folder, created if missing')
    .option('--format <format>', 'md, html or json', oneOf('md', 'html', 'json'), 'md')
    .option('--force', 'replace existing files with other contents')
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
    .description('run a list of operations, resuming where it stopped')
    .requiredOption('-f, --file <file>', 'JSON or TOML list of operations')
    .option('--restart', 'start over instead of doing the rest')
    .option('--concurrency <n>', 'projects processed at once (default: 2)', positiveNumber)
    .action(async (options, command: Command) => {
      const { batch } = await import('../commands/batch.js');
      done(await batch(options, flagsOf(command)));
    });
  manual(batching, {
    examples: ['batch -f operations.json', 'batch -f operations.toml --restart'],
    notes: [
      'A row is {"operation": "run-stage", "project_id": "tide-clock", "stage": 1}, plus the options of that command (max_tokens, max_cost, …). Operations: run-stage, run, reset-stage, import-code, extract-code, export. In TOML: [[rows]].',
      'Rows of one project run in order. A failing row stops no other, but makes the exit code 1. Run the same command again to do what is left.',
    ],
  });

  const repairing = program
    .command('repair')
    .alias('repair-db')
    .description('rebuild the index, complete what is unfinished, move aside what is damaged')
    .option('--dry-run', 'only show what would be done')
    .action(async (options, command: Command) => {
      const { repair } = await import('../commands/repair.js');
      done(await repair(options, flagsOf(command)));
    });
  manual(repairing, {
    examples: ['repair --dry-run', 'repair'],
    notes: [
      'Damaged projects are moved as a whole to the .quarantine folder beside the projects; no project is deleted.',
    ],
  });

  const migrating = program
    .command('migrate')
    .description('import projects in the older layout, one project.json each')
    .argument('<dir>', 'folder of the older projects, one of them, or its file')
    .option('--dry-run', 'only show what would be done')
    .action(async (dir: string, options, command: Command) => {
      const { migrate } = await import('../commands/migrate.js');
      done(await migrate(dir, options, flagsOf(command)));
    });
  manual(migrating, {
    examples: ['migrate ~/.ai-toolkit/projects --dry-run', 'migrate ~/.ai-toolkit/projects'],
    notes: ['The older files stay as they are. A second run brings nothing in twice.'],
  });
}
