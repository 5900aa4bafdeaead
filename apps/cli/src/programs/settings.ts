import type { Command } from 'commander';
import { type Shell, shells } from '../completion/scripts.js';
import { manual } from './manual.js';
import { flagsOf, oneOf } from './parse-options.js';

/** Configuration, completion, and resetting to defaults. */
export function addSettingCommands(program: Command, done: (code: number) => void): void {
  addConfigCommands(program, done);
  manual(
    program
      .command('completion')
      .description('print a shell completion script, with live ids, templates and models')
      .argument('<shell>', `${shells.slice(0, -1).join(', ')} or ${shells.at(-1)}`, oneOf(...shells))
      .action(async (shell: Shell, _options, command: Command) => {
        const run = await import('../commands/completion.js');
        done(await run.completion(shell, flagsOf(command)));
      }),
    {
      examples: ['completion bash', 'completion zsh', 'completion fish | source'],
      notes: ['The first line of its output says where to put it.'],
    },
  );
  manual(
    program
      .command('reset')
      .description('reset configuration, cache and templates to defaults; asks first, projects stay')
      .option('--all', 'all of them')
      .option('--yes', 'do not ask')
      .action(async (options, command: Command) => {
        const run = await import('../commands/reset.js');
        done(await run.reset(options, flagsOf(command)));
      }),
    {
      examples: ['reset --all', 'reset --all --yes'],
      notes: ['Projects, conversations, gateway keys and the usage ledger stay.'],
    },
  );
}

function addConfigCommands(program: Command, done: (code: number) => void): void {
  const config = program
    .command('config')
    .description('set up a provider interactively, or view and change settings')
    .action(async (_options, command: Command) => {
      const { configWizard } = await import('../commands/config/wizard.js');
      done(await configWizard(flagsOf(command)));
    });
  manual(config, {
    examples: [
      'config',
      'config list',
      'config set model gpt-4o-mini',
      'config set openai.apiKey < key.txt',
      '--profile work config set openai.baseUrl http://127.0.0.1:8080/v1',
    ],
    notes: [
      'Flags take precedence over the environment, then ai-toolkit.toml in the current folder, then your own file, then the defaults.',
      'All settings: docs/configuration.md.',
    ],
  });
  manual(
    config
      .command('list')
      .description('list every setting, its value and where it comes from; keys are masked')
      .action(async (_options, command: Command) => {
        const { configList } = await import('../commands/config/list.js');
        done(await configList(flagsOf(command)));
      }),
    { examples: ['config list', 'config list --json'] },
  );
  manual(
    config
      .command('get')
      .description('print the value of one setting; keys are masked')
      .argument('<setting>', 'such as cache.ttlMs')
      .action(async (name: string, _options, command: Command) => {
        const { configGet } = await import('../commands/config/list.js');
        done(await configGet(name, flagsOf(command)));
      }),
    {
      examples: ['config get model', 'config get cache.ttlMs'],
      notes: ['Exits with 3 when it has no value.'],
    },
  );
  manual(
    config
      .command('set')
      .description('set a value in your configuration file, preserving its comments')
      .argument('<setting>', 'such as cache.ttlMs')
      .argument('[value]', 'its value; read from stdin if omitted, as API keys must be')
      .action(async (name: string, value: string | undefined, _options, command: Command) => {
        const { configSet } = await import('../commands/config/set.js');
        done(await configSet(name, value, flagsOf(command)));
      }),
    {
      examples: [
        'config set model gpt-4o-mini',
        'config set openai.apiKey < key.txt',
        `config set 'prices."my-model"' '{ inputUsd = 1, outputUsd = 2 }'`,
      ],
      notes: ['With --profile it is set in that profile. The file is for its owner alone (mode 0600).'],
    },
  );
  manual(
    config
      .command('unset')
      .description('remove a value from your configuration file')
      .argument('<setting>', 'such as cache.ttlMs')
      .action(async (name: string, _options, command: Command) => {
        const { configUnset } = await import('../commands/config/set.js');
        done(await configUnset(name, flagsOf(command)));
      }),
    { examples: ['config unset model'] },
  );
  manual(
    config
      .command('path')
      .description('print where your configuration file is, or would be')
      .action(async (_options, command: Command) => {
        const { configPath } = await import('../commands/config/path.js');
        done(await configPath(flagsOf(command)));
      }),
    { examples: ['config path'] },
  );
  manual(
    config
      .command('edit')
      .description('open your configuration file in $VISUAL or $EDITOR, then validate it')
      .action(async (_options, command: Command) => {
        const { configEdit } = await import('../commands/config/edit.js');
        done(await configEdit(flagsOf(command)));
      }),
    { examples: ['config edit', 'config edit --config other.toml'] },
  );
  manual(
    config
      .command('validate')
      .description(
        'check your configuration file with all its profiles, the environment and the current folder',
      )
      .option('--fix', 'replace older names with current ones')
      .action(async (options, command: Command) => {
        const { configValidate } = await import('../commands/config/validate.js');
        done(await configValidate(options, flagsOf(command)));
      }),
    { examples: ['config validate', 'config validate --fix'] },
  );
  manual(
    config
      .command('reset')
      .description('remove your configuration file, which restores the defaults; asks first')
      .option('--yes', 'do not ask')
      .action(async (options, command: Command) => {
        const { configReset } = await import('../commands/config/reset.js');
        done(await configReset(options, flagsOf(command)));
      }),
    { examples: ['config reset', 'config reset --yes'] },
  );
}
