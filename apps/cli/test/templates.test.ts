import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCli } from './support/cli.js';

describe('templates', () => {
  it('are shown, exported, changed, brought in, and reset', async () => {
    await using cli = await createCli();
    const list = await cli.json('templates', 'list');
    expect(list.value.templates).toContainEqual({
      name: 'initial-plan',
      origin: 'built-in',
      state: 'built-in',
    });
    expect((await cli.run('templates', 'list')).stdout).toMatch(/^initial-plan +built-in$/m);
    const shown = await cli.run('templates', 'show', 'initial-plan');
    expect(shown).toMatchObject({ code: 0, stdout: expect.stringContaining('{{> partials/project}}') });
    expect((await cli.json('templates', 'show', 'initial-plan')).value).toMatchObject({ origin: 'built-in' });

    const exported = await cli.run('templates', 'export', 'initial-plan', '-o', 'own');
    const file = exported.stdout.trim();
    expect(file).toBe(join(cli.home, 'own', 'initial-plan.hbs'));
    const text = await readFile(file, 'utf8');
    await writeFile(file, `${text}\nIn two pages.\n`);
    expect(await cli.json('templates', 'export', 'initial-plan', '-o', 'own')).toMatchObject({
      code: 1,
      value: { error: { code: 'PLAN_EXTRACT_CONFLICT' } },
    });
    const imported = await cli.json('templates', 'import', 'initial-plan', '-f', file);
    expect(imported).toMatchObject({ code: 0, value: { name: 'initial-plan' } });
    expect(imported.value).not.toHaveProperty('problem');
    expect((await cli.json('templates', 'list')).value.templates).toContainEqual({
      name: 'initial-plan',
      origin: imported.value.path,
      state: 'current',
    });
    expect(await cli.json('templates', 'validate', 'initial-plan')).toMatchObject({
      code: 0,
      value: { valid: true, origin: imported.value.path },
    });
    await cli.run('init', '-n', 'Tide', '-d', 'An idea');
    const { value } = await cli.json('templates', 'debug', 'initial-plan', '-p', 'Tide');
    expect(value).toMatchObject({ stage: 1, variables: { project: { name: 'Tide' } } });
    expect(value.prompt).toContain('In two pages.');

    expect(await cli.json('templates', 'reset', 'initial-plan')).toMatchObject({
      code: 2,
      value: { error: { message: expect.stringContaining('--yes') } },
    });
    expect((await cli.json('templates', 'reset', 'initial-plan', '--yes')).value).toEqual({
      reset: ['initial-plan'],
    });
    expect((await cli.json('templates', 'reset', 'initial-plan')).value).toEqual({ reset: [] });
    await cli.run('templates', 'import', 'initial-plan', '-f', file);
    await cli.run('templates', 'import', 'own-letter', '-f', file);
    expect((await cli.json('templates', 'reset', '--all')).code).toBe(2);
    expect((await cli.json('templates', 'reset', '--all', '--yes')).value).toEqual({
      reset: ['initial-plan', 'own-letter'],
    });
    expect(await readdir(join(cli.home, 'templates'))).toEqual([]);
  });

  it('name a variable that does not exist, also when they are brought in', async () => {
    await using cli = await createCli();
    await writeFile(join(cli.home, 'bad.hbs'), 'Write for {{project.nmae}}.\n');
    const { value } = await cli.json('templates', 'import', 'initial-plan', '-f', 'bad.hbs');
    expect(value).toMatchObject({
      problem: { code: 'PLAN_TEMPLATE_VARIABLE', message: expect.stringContaining('project.nmae') },
    });
    expect(await cli.json('templates', 'validate', 'initial-plan')).toMatchObject({
      code: 1,
      value: { error: { code: 'PLAN_TEMPLATE_VARIABLE', message: expect.stringContaining('line 1') } },
    });
    await writeFile(join(cli.home, 'bad.hbs'), '{{#if}}\n');
    expect(await cli.json('templates', 'import', 'initial-plan', '-f', 'bad.hbs')).toMatchObject({
      code: 1,
      value: { error: { code: 'PLAN_TEMPLATE_INVALID' } },
    });
    for (const [code, ...args] of [
      [3, 'show', 'nothing'],
      [3, 'export', 'nothing', '-o', 'out'],
      [3, 'import', 'initial-plan', '-f', 'none.hbs'],
      [3, 'reset', 'nothing'],
      [3, 'validate', 'nothing'],
      [3, 'debug', 'nothing', '-p', 'x'],
      [2, 'reset'],
      [2, 'reset', 'initial-plan', '--all'],
      [2, 'debug', 'initial-plan'],
      [2, 'show'],
      [2, 'nothing'],
    ] as const) {
      const result = await cli.json('templates', ...args);
      expect(result, args.join(' ')).toMatchObject({ code, value: { error: { exitCode: code } } });
    }
  });

  it('have commands of their own as well', async () => {
    await using cli = await createCli();
    await cli.run('init', '-n', 'Tide', '-d', 'An idea');
    const same: readonly (readonly [string, string, readonly string[]])[] = [
      ['list-templates', 'list', []],
      ['list-templates', 'list', ['-p', 'Tide']],
      ['show-template', 'show', ['system']],
      ['export-template', 'export', ['system', '-o', 'out']],
      ['import-template', 'import', ['system', '-f', 'out/system.hbs']],
      ['validate-template', 'validate', ['system']],
      ['reset-template', 'reset', ['initial-plan']],
      ['debug-template', 'debug', ['initial-plan', '-p', 'Tide', '-v', 'tone=warm']],
    ];
    for (const [alias, name, args] of same) {
      const one = await cli.json(alias, ...args);
      expect(one.code, alias).toBe(0);
      expect(one, alias).toEqual(await cli.json('templates', name, ...args));
    }
  });
});
