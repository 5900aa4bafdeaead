import { execFile } from 'node:child_process';
import { access, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Cli, createCli, main } from './support/cli.js';

async function make(cli: Cli, name: string): Promise<{ id: string; path: string }> {
  const { value } = await cli.json('init', '-n', name, '-d', 'An idea');
  return { id: String(value.id), path: String(value.path) };
}

describe('init', () => {
  it('needs a name where nobody can be asked, and a file that is there', async () => {
    await using cli = await createCli();
    expect(await cli.json('init', '-d', 'x')).toMatchObject({
      code: 2,
      value: { error: { message: expect.stringContaining('-n NAME') } },
    });
    expect(await cli.json('init', '-n', 'Tide', '--idea-file', 'none.md')).toMatchObject({
      code: 3,
      value: { error: { code: 'FILE_NOT_FOUND', hint: expect.any(String) } },
    });
    expect((await cli.json('list')).value).toMatchObject({ projects: [] });
    await writeFile(join(cli.home, 'idea.md'), '# The tide\n');
    const { value } = await cli.json(
      'init',
      '-n',
      'Tide',
      '--idea-file',
      'idea.md',
      '-t',
      'sea',
      'sun',
      '-t',
      'moon',
    );
    expect(value).toMatchObject({ name: 'Tide', tags: ['sea', 'sun', 'moon'], description: '' });
    expect(await readFile(join(String(value.path), 'idea.md'), 'utf8')).toBe('# The tide\n');
  });
});

describe('an idea', () => {
  it('is read as text, whatever wrote it, and what is no text is refused', async () => {
    await using cli = await createCli();
    await writeFile(join(cli.home, 'idea.txt'), Buffer.from('\uFEFFThe tide', 'utf16le'));
    const { value } = await cli.json('init', '-n', 'Tide', '--idea-file', 'idea.txt');
    expect(await readFile(join(String(value.path), 'idea.md'), 'utf8')).toBe('The tide\n');
    await writeFile(join(cli.home, 'idea.txt'), Buffer.from([0x89, 0x50, 0x00, 0x47]));
    expect((await cli.run('init', '-n', 'Image', '--idea-file', 'idea.txt')).code).toBe(2);
    expect((await cli.json('list')).value.projects).toHaveLength(1);
  });

  it('is missed before it is paid for', async () => {
    await using cli = await createCli();
    expect((await cli.run('init', '-n', 'Tide', '-d', 'The tide')).stderr).not.toContain('no idea');
    const { code, stderr } = await cli.run('init', '-n', 'Void');
    expect(code).toBe(0);
    expect(stderr).toMatch(/no idea yet\. Write one in \S+idea\.md/);
  });
});

describe('-p', () => {
  it('takes an id, the beginning of one, a folder and a name; what is near is named', async () => {
    await using cli = await createCli();
    const { id } = await make(cli, 'Tide Clock');
    for (const name of [id, 'tide', 'tide-clock', 'Tide Clock', 'TIDE CLOCK']) {
      expect((await cli.json('status', '-p', name)).value, name).toMatchObject({ project: { id } });
    }
    const { stderr, code } = await cli.run('status', '-p', 'tied-clock');
    expect(code).toBe(3);
    expect(stderr).toContain(`Did you mean ${id}?`);
  });
});

describe('status', () => {
  it('adds up', async () => {
    await using cli = await createCli();
    const { id } = await make(cli, 'Tide');
    await cli.run('run', '-p', id, '--stages', '1,2');
    const { value } = await cli.json('status', '-p', id);
    expect(value.totals).toMatchObject({ stages: 6, documents: 2, costUsd: 0 });
    expect((await cli.run('status', '-p', id)).stdout).toContain('2 of 6 documents');
  });
});

describe('delete', () => {
  it('does nothing without consent, and then moves to the trash or deletes for good', async () => {
    await using cli = await createCli();
    const { id, path } = await make(cli, 'Tide');
    expect(await cli.json('delete', '-p', id)).toMatchObject({
      code: 2,
      value: { error: { message: expect.stringContaining('--yes') } },
    });
    await access(path);
    const { code, value } = await cli.json('delete', '-p', id, '--yes');
    expect({ code, value }).toMatchObject({ code: 0, value: { id, deleted: true } });
    await access(join(String(value.trashPath), 'project.json'));
    await expect(access(path)).rejects.toThrow('ENOENT');
    const other = await make(cli, 'Rain');
    const words = await cli.run('delete', '-p', 'Rain', '--yes', '--permanent');
    expect(words).toMatchObject({ code: 0, stdout: `${other.id} is deleted.\n` });
    expect(await readdir(join(cli.home, 'projects', '.trash'))).toHaveLength(1);
    expect(await cli.json('delete', '-p', id, '--yes')).toMatchObject({ code: 3 });
    expect(await cli.json('delete', '--yes')).toMatchObject({ code: 2 });
  });
});

describe('repair', () => {
  it('says what it would do, does it, and deletes no project', async () => {
    await using cli = await createCli();
    const whole = await make(cli, 'Whole');
    const broken = await make(cli, 'Broken');
    const half = await make(cli, 'Half');
    await writeFile(join(broken.path, 'project.json'), '{');
    await rm(join(half.path, 'project.json'));
    const dry = await cli.json('repair', '--dry-run');
    expect(dry).toMatchObject({ code: 0, value: { dryRun: true, quarantined: [] } });
    const paths = (list: unknown): string[] => (list as { path: string }[]).map(({ path }) => path).sort();
    expect(paths(dry.value.movable)).toEqual([broken.path, half.path].toSorted());
    expect((await cli.run('repair', '--dry-run')).stdout).toContain(`to be moved aside  ${broken.path}`);
    await access(broken.path);

    const { stdout, stderr, code } = await cli.run('repair');
    expect(code).toBe(0);
    expect(stdout).toContain(`moved aside  ${broken.path}`);
    expect(stdout).toContain('The index was rebuilt: 1 project.');
    expect(stderr).toContain('Looking at every project');
    expect(await readdir(join(cli.home, 'projects', '.quarantine'))).toHaveLength(2);
    expect((await cli.json('list')).value).toMatchObject({ projects: [{ id: whole.id }], damaged: [] });
    expect((await cli.run('repair-db')).stdout).toContain('Nothing is unfinished or damaged.');
  });
});

describe('migrate', () => {
  it('brings older projects in, once, and says failure when one cannot be read', async () => {
    await using cli = await createCli();
    const older = join(cli.home, 'older');
    await mkdir(join(older, 'one'), { recursive: true });
    await writeFile(
      join(older, 'one', 'project.json'),
      JSON.stringify({
        id: 'p-1',
        name: 'Old Clock',
        description: 'From before',
        stages: [{ number: 1, status: 'completed', content: '# Old plan\n' }],
      }),
    );
    expect((await cli.json('migrate', 'older', '--dry-run')).value).toMatchObject({
      dryRun: true,
      projects: [{ outcome: 'migrated', name: 'Old Clock', stages: [1] }],
    });
    expect((await cli.json('list')).value).toMatchObject({ projects: [] });
    const { stdout, stderr, code } = await cli.run('migrate', 'older');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^migrated {2}.*Old Clock {2}old-clock-/);
    expect(stderr).toContain('1 migrated');
    const { value } = await cli.json('status', '-p', 'Old Clock');
    expect(value).toMatchObject({ stages: [{ status: 'done' }, {}, {}, {}, {}, {}] });
    await mkdir(join(older, 'two'));
    await writeFile(join(older, 'two', 'project.json'), '{');
    const again = await cli.json('migrate', 'older');
    expect(again).toMatchObject({ code: 1, value: { error: { code: 'FAILURE', exitCode: 1 } } });
    expect(again.value.projects).toMatchObject([{ outcome: 'known' }, { outcome: 'damaged' }]);
    expect(await cli.json('migrate', 'none')).toMatchObject({
      code: 3,
      value: { error: { code: 'FILE_NOT_FOUND' } },
    });
    expect(await cli.json('migrate')).toMatchObject({ code: 2 });
  });
});

describe('in a pipe', () => {
  it('every list ends quietly when its reader has seen enough', async () => {
    await using cli = await createCli();
    const { id } = await make(cli, 'Tide');
    await cli.run('run', '-p', id, '--stages', '1,2');
    for (const args of ['list', `history -p ${id}`, `plan -p ${id}`, `status -p ${id}`, 'templates list']) {
      const pipe = `"${process.execPath}" "${main}" ${args} --quiet | head -1`;
      const { stdout, stderr } = await promisify(execFile)('sh', ['-c', pipe], { env: cli.environment });
      expect(stdout.trim().split('\n'), args).toHaveLength(1);
      expect(stderr, args).toBe('');
    }
  });
});
