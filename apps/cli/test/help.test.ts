import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../src/program.js';
import { groups } from '../src/programs/groups.js';
import { version } from '../src/version.js';
import { createCli } from './support/cli.js';

/** Other names of what is told under the usual one, and what shells ask. */
function isHidden(command: Command): boolean {
  return command.name().startsWith('_') || /^[a-z]+-templates?$/.test(command.name());
}

/** Commands that a person may type, with the words before them. */
function named(command: Command, before: readonly string[] = []): (readonly string[])[] {
  return command.commands
    .filter((one) => !isHidden(one) && one.name() !== 'help')
    .flatMap((one) => [[...before, one.name()], ...named(one, [...before, one.name()])]);
}

describe('help', () => {
  it('of the whole is what the program would say, whatever way it is asked for', async () => {
    await using cli = await createCli();
    const built = await cli.run('--help');
    expect(built.code).toBe(0);
    expect((await cli.run('-h')).stdout).toBe(built.stdout);
    // Not from the file of the build: another option stands beside it.
    expect((await cli.run('--help', '--no-color')).stdout).toBe(built.stdout);
    for (const [name] of named(await createProgram([], version, () => {})))
      expect(built.stdout).toContain(`\n  ${String(name)}`);
  });

  it('of every command has examples first, its usage and the options that all take', async () => {
    const program = await createProgram([], version, () => {});
    for (const words of named(program)) {
      let said = '';
      const command = words.reduce<Command>(
        (parent, word) => parent.commands.find((one) => one.name() === word) ?? parent,
        program,
      );
      command.configureOutput({ writeOut: (text) => (said += text) }).outputHelp();
      expect(said, words.join(' ')).toMatch(/^Examples:\n {2}ai-toolkit /);
      expect(said, words.join(' ')).toContain(`Usage: ai-toolkit ${words.join(' ')}`.slice(0, 40));
      expect(said, words.join(' ')).toContain('--json');
      for (const option of command.options) expect(option.description, words.join(' ')).toMatch(/\w{2}/);
    }
  });

  it('loads the group of a command by its name or alias', async () => {
    for (const { names, load } of groups) {
      const alone = new Command();
      (await load())(alone, () => {});
      const all = alone.commands.flatMap((command) => [command.name(), ...command.aliases()]);
      expect([...names].sort()).toEqual(all.sort());
    }
  });

  it.each([
    ['--no-such-flag'],
    ['no-such-command'],
    ['generate', '--temperature', 'hot'],
    ['cache', 'no-such'],
    ['config', 'get'],
  ])('takes %j %j for a mistake of its caller', async (...args) => {
    await using cli = await createCli();
    const words = args.filter((word) => typeof word === 'string');
    const plain = await cli.run(...words);
    expect(plain).toMatchObject({ code: 2, stdout: '' });
    expect(plain.stderr).toContain('error:');
    expect(await cli.json(...words)).toMatchObject({
      code: 2,
      value: { error: { code: 'USAGE', exitCode: 2 } },
    });
  });
});
