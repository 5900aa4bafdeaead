import type { Command } from 'commander';
import { manual } from './manual.js';
import { collect, flagsOf, wholeNumber } from './parse-options.js';

/** Adds options and action to a command. */
type Describe = (command: Command, done: (code: number) => void) => void;

const list: Describe = (command, done) => {
  command
    .description('list the templates, and which of yours are outdated')
    .option('-p, --project <id>', 'with those of this project')
    .action(async (options, self: Command) => {
      const { listTemplates } = await import('../commands/templates/list.js');
      done(await listTemplates(options, flagsOf(self)));
    });
  manual(command, { examples: ['templates list', 'templates list -p tide-clock'] });
};

const show: Describe = (command, done) => {
  command
    .description('print a template')
    .argument('<name>', 'its name')
    .action(async (name: string, _options, self: Command) => {
      const { showTemplate } = await import('../commands/templates/show.js');
      done(await showTemplate(name, flagsOf(self)));
    });
  manual(command, { examples: ['templates show initial-plan', 'templates show partials/writing'] });
};

const exporting: Describe = (command, done) => {
  command
    .description('write a template to a folder, for you to change')
    .argument('<name>', 'its name')
    .requiredOption('-o, --output <dir>', 'folder, created if missing')
    .option('--force', 'replace an existing file with other contents')
    .action(async (name: string, options, self: Command) => {
      const { exportTemplate } = await import('../commands/templates/export.js');
      done(await exportTemplate(name, options, flagsOf(self)));
    });
  manual(command, { examples: ['templates export initial-plan -o .'] });
};

const importing: Describe = (command, done) => {
  command
    .description('replace a template with a file of your own; it survives upgrades')
    .argument('<name>', 'name of the template')
    .requiredOption('-f, --file <file>', 'the file')
    .action(async (name: string, options, self: Command) => {
      const { importTemplate } = await import('../commands/templates/import.js');
      done(await importTemplate(name, options, flagsOf(self)));
    });
  manual(command, { examples: ['templates import initial-plan -f initial-plan.hbs'] });
};

const resetting: Describe = (command, done) => {
  command
    .description('go back to a built-in template; asks first')
    .argument('[name]', 'its name')
    .option('--all', 'all of them')
    .option('--yes', 'do not ask')
    .action(async (name: string | undefined, options, self: Command) => {
      const { resetTemplate } = await import('../commands/templates/reset.js');
      done(await resetTemplate(name, options, flagsOf(self)));
    });
  manual(command, {
    examples: ['templates reset initial-plan', 'templates reset --all --yes'],
    notes: ['Your files of these names are removed, also those that replace no built-in template.'],
  });
};

const validating: Describe = (command, done) => {
  command
    .description('check a template: syntax, partials, and that every variable exists')
    .argument('<name>', 'its name')
    .action(async (name: string, _options, self: Command) => {
      const { validateTemplate } = await import('../commands/templates/validate.js');
      done(await validateTemplate(name, flagsOf(self)));
    });
  manual(command, { examples: ['templates validate initial-plan'] });
};

const debugging: Describe = (command, done) => {
  command
    .description('show the prompt that a template makes for a project, with its variables; calls no model')
    .argument('<name>', 'its name')
    .requiredOption('-p, --project <id>', 'id, folder or name of the project')
    .option('-s, --stage <n>', 'stage, if not the one that the template is for', wholeNumber)
    .option('-v, --var <key=value>', 'variable for the template; may be given more than once', collect, [])
    .action(async (name: string, options, self: Command) => {
      const { debugTemplate } = await import('../commands/templates/debug.js');
      done(await debugTemplate(name, options, flagsOf(self)));
    });
  manual(command, { examples: ['templates debug initial-plan -p tide-clock'] });
};

/** Each is available as `templates NAME` and under an alias. */
const commands: readonly (readonly [name: string, alias: string, describe: Describe])[] = [
  ['list', 'list-templates', list],
  ['show', 'show-template', show],
  ['export', 'export-template', exporting],
  ['import', 'import-template', importing],
  ['reset', 'reset-template', resetting],
  ['validate', 'validate-template', validating],
  ['debug', 'debug-template', debugging],
];

/** `templates …` and the aliases `list-templates`, `show-template`, …. */
export function addTemplateCommands(program: Command, done: (code: number) => void): void {
  const group = program.command('templates').description('inspect the prompt templates, and use your own');
  manual(group, {
    examples: [
      'templates list',
      'templates show initial-plan',
      'templates import initial-plan -f my-plan.hbs',
    ],
    notes: ['Each also has a name of its own: list-templates, show-template, ….'],
  });
  for (const [name, alias, describe] of commands) {
    describe(group.command(name), done);
    describe(program.command(alias, { hidden: true }), done);
  }
}
