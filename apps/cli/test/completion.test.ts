import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it } from 'vitest';
import { type Cli, createCli, main } from './support/cli.js';
import { describeOnTerminal, startProgramOnTerminal } from './support/terminal.js';

function isInstalled(shell: string): boolean {
  if (spawnSync(shell, ['-c', 'exit 0']).status === 0) return true;
  if (process.env.AI_TOOLKIT_REQUIRE_SERVICES === '1')
    throw new Error(`${shell} is not installed, and AI_TOOLKIT_REQUIRE_SERVICES asks for it`);
  console.warn(`${shell} is not installed: its completion is NOT TESTED`);
  return false;
}

/** A home with a project and models, and the command under its name. */
async function prepare(baseUrl: string): Promise<Cli & { readonly id: string; readonly PATH: string }> {
  const cli = await createCli({ OPENAI_BASE_URL: baseUrl });
  const { value } = await cli.json('init', '-n', 'Tide Clock', '-d', 'x');
  const bin = join(cli.home, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'ai-toolkit'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, {
    mode: 0o755,
  });
  return { ...cli, id: String(value.id), PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
}

const models = { models: ['house:8b-long', 'other'] };

describeOnTerminal('completion at a prompt', () => {
  it.each([
    ['bash', ['--norc', '--noprofile', '-i'], 'eval "$(ai-toolkit completion bash)"'],
    ['zsh', ['-f', '-i'], 'eval "$(ai-toolkit completion zsh)"'],
    ['fish', ['--no-config', '-i'], 'ai-toolkit completion fish | source'],
  ] as const)('works in %s', async (shell, flags, setUp) => {
    if (!isInstalled(shell)) return;
    await using simulator = await createSimulator(models);
    await using cli = await prepare(simulator.openaiBaseUrl);
    const terminal = startProgramOnTerminal(cli, [shell, ...flags], {
      OPENAI_BASE_URL: simulator.openaiBaseUrl,
      PATH: cli.PATH,
      HOME: cli.home,
      PS1: '> ',
    });
    const asked: readonly (readonly [line: string, shown: string | RegExp])[] = [
      [`${setUp}; echo is-"ready"`, 'is-ready'],
      ['ai-toolkit templ\t list', 'initial-plan'],
      ['ai-toolkit config get cache.t\t', '2592000000'],
      // A name with a colon, at which bash takes words apart.
      ['ai-toolkit generate -m house:8\t hello', 'house:8b-long: miss'],
      ['ai-toolkit generate -f bi\t hello', /bin\/? cannot be read/],
    ];
    for (const [line, shown] of asked) {
      terminal.type(`${line}\r`);
      await terminal.shows(shown);
    }
    terminal.type('exit\r');
    const { screen } = await terminal.finish;
    expect(screen).not.toMatch(/command not found|unknown command/i);
  });
});

describe('completion of fish', () => {
  it('shows what each candidate is', async () => {
    if (!isInstalled('fish')) return;
    await using simulator = await createSimulator(models);
    await using cli = await prepare(simulator.openaiBaseUrl);
    const line = 'ai-toolkit completion fish | source; complete -C "ai-toolkit status -p tide"';
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', line], {
      env: { ...cli.environment, PATH: cli.PATH, HOME: cli.home },
    });
    expect(stderr.toString()).toBe('');
    expect(stdout.toString()).toBe(`${cli.id}\tTide Clock\n`);
  });
});

describe('what may stand at the cursor', () => {
  it.each([
    ['export --format ', ['md', 'html', 'json']],
    ['usage --by m', ['model']],
    ['keys create --per ', ['day', 'month', 'total']],
    ['completion z', ['zsh']],
  ])('knows the words that `%s` takes', async (line, expected) => {
    await using cli = await createCli();
    expect(await candidates(cli, line)).toEqual(expected);
  });

  it('is a conversation behind --continue, and an option where one is begun', async () => {
    await using cli = await createCli();
    await cli.start(['chat', '--quiet'], 'Say hello\n').finish;
    const [id = ''] = await candidates(cli, 'chat --continue ');
    expect(id).toMatch(/^\d{4}-\d{2}-\d{2}-/);
    expect(await candidates(cli, 'chat --continue --mod')).toEqual(['--model']);
    expect(await candidates(cli, `chat --continue ${id} --mod`)).toEqual(['--model']);
  });

  it('is one more file where several are named', async () => {
    await using cli = await createCli();
    expect(await candidates(cli, 'import-code -f one.ts tw')).toEqual([':files']);
    expect(await candidates(cli, 'import-code -f one.ts two.ts --max')).toEqual(['--max-tokens']);
  });
});

async function candidates(cli: Cli, line: string): Promise<string[]> {
  const { stdout } = await cli.run('__complete', '--', ...line.split(' '));
  return stdout.split('\n').flatMap((found) => (found === '' ? [] : (found.split('\t')[0] ?? [])));
}
