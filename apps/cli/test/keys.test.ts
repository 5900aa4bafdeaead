import { describe, expect, it } from 'vitest';
import { createCli } from './support/cli.js';

describe('keys', () => {
  it('prints a new key once on stdout, and nothing else there', async () => {
    await using cli = await createCli();
    expect(await cli.run('keys', 'list')).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('keys create'),
    });
    const made = await cli.run(
      'keys',
      'create',
      '-n',
      'Team A',
      '--rpm',
      '60',
      '--budget',
      '5',
      '--per',
      'day',
    );
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^ait-[\w-]{43}\n$/) });
    expect(made.stderr).toContain('shown only this once');
    expect(made.stderr).not.toContain('ait-');
    const { stdout } = await cli.run('keys', 'list');
    expect(stdout).toContain('Team A');
    expect(stdout).toContain('60 rpm');
    expect(stdout).not.toContain(made.stdout.trim().slice(4));
  });

  it('speaks JSON, all settings included', async () => {
    await using cli = await createCli();
    const flags = [
      '--tenant',
      'a',
      '-m',
      'gpt-4o*',
      '-m',
      'o3-mini',
      '--tpm',
      '1000',
      '--expires',
      '30d',
      '--shared-cache',
      'team',
    ];
    const { code, value } = await cli.json('keys', 'create', '-n', 'x', ...flags);
    expect(code).toBe(0);
    expect(value).toMatchObject({
      key: expect.stringMatching(/^ait-/),
      tenant: 'a',
      models: ['gpt-4o*', 'o3-mini'],
      tokensPerMinute: 1000,
      sharedCache: 'team',
    });
    expect((value as { expiresAt: number }).expiresAt).toBeGreaterThan(Date.now() + 29 * 86_400_000);
    const { value: list } = await cli.json('keys', 'list');
    expect(list).toMatchObject({ keys: [{ id: value.id, name: 'x' }] });
    expect(JSON.stringify(list)).not.toContain(String(value.key).slice(4));
  });

  it('revokes by id or name, and hides what is revoked', async () => {
    await using cli = await createCli();
    const { value } = await cli.json('keys', 'create', '-n', 'gone');
    expect((await cli.run('keys', 'revoke', 'gone')).stdout).toBe(`${String(value.id)}\n`);
    expect((await cli.run('keys', 'list')).stdout).toBe('');
    expect((await cli.run('keys', 'list', '--all')).stdout).toContain('revoked');
    expect(await cli.json('keys', 'revoke', String(value.id))).toMatchObject({
      code: 3,
      value: { error: { code: 'KEYS_NOT_FOUND' } },
    });
  });

  it.each([
    [['create']],
    [['create', '-n', '']],
    [['create', '-n', 'x', '--tenant', 'a b']],
    [['create', '-n', 'x', '--rpm', '0']],
    [['create', '-n', 'x', '--budget', '-1']],
    [['create', '-n', 'x', '--per', 'week', '--budget', '1']],
    [['create', '-n', 'x', '--per', 'day']],
    [['create', '-n', 'x', '--expires', 'yesterday']],
    [['create', '-n', 'x', '--expires', '2001-01-01']],
    [['create', '-n', 'x', '--admin', '--rpm', '5']],
    [['revoke']],
  ])('takes %j for a mistake of its caller', async (args) => {
    await using cli = await createCli();
    const { code, value } = await cli.json('keys', ...args);
    expect(code).toBe(2);
    expect(value).toHaveProperty('error.code', 'USAGE');
  });
});
