import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Cli, createCli } from './support/cli.js';

async function projectOf(cli: Cli): Promise<{ id: string; path: string }> {
  const { value } = await cli.json('init', '-n', 'Tide Clock', '-d', 'A wall clock that shows the tide');
  return { id: String(value.id), path: String(value.path) };
}

describe('export', () => {
  it('writes all documents in each format, over none of yours', async () => {
    await using cli = await createCli();
    const { id, path } = await projectOf(cli);
    expect(await cli.json('export', '-p', id, '-o', 'out')).toMatchObject({ code: 7 });
    await cli.run('run', '-p', id, '--stages', '1,2');
    const { stdout, stderr, code } = await cli.run('export', '-p', id, '-o', 'out');
    expect(code).toBe(0);
    expect(stdout).toContain('create  1-initial-plan.md');
    expect(stderr).toContain('stage 3, 4, 5, 6');
    expect(await readFile(join(cli.home, 'out', '1-initial-plan.md'), 'utf8')).toBe(
      await readFile(join(path, 'stages', '1-initial-plan.md'), 'utf8'),
    );
    const pages = await cli.json('export', '-p', id, '-o', 'out', '--format', 'html');
    expect(pages).toMatchObject({ code: 0, value: { format: 'html', missing: [3, 4, 5, 6] } });
    expect(await readFile(join(cli.home, 'out', 'index.html'), 'utf8')).toContain('<h1>Tide Clock</h1>');
    await cli.run('export', '-p', id, '-o', 'out', '--format', 'json');
    const whole = JSON.parse(await readFile(join(cli.home, 'out', 'tide-clock.json'), 'utf8'));
    expect(whole).toMatchObject({ id, stages: [{ stage: 1 }, { stage: 2 }] });

    await writeFile(join(cli.home, 'out', 'idea.md'), 'mine');
    expect(await cli.json('export', '-p', id, '-o', 'out')).toMatchObject({
      code: 1,
      value: { error: { code: 'PLAN_EXTRACT_CONFLICT', message: expect.stringContaining('idea.md') } },
    });
    expect(await cli.json('export', '-p', id, '-o', 'out', '--force')).toMatchObject({ code: 0 });
    expect(await cli.json('export', '-p', id, '-o', 'out', '--format', 'pdf')).toMatchObject({ code: 2 });
    expect(await cli.json('export', '-p', id)).toMatchObject({ code: 2 });
    expect(await cli.json('export', '-p', 'nobody', '-o', 'out')).toMatchObject({ code: 3 });
  });
});

describe('extract-code', () => {
  it('writes the files of a document, none outside the folder and none over another', async () => {
    await using cli = await createCli();
    const { id, path } = await projectOf(cli);
    expect(await cli.json('extract-code', '-p', id, '-s', '6', '-o', 'code')).toMatchObject({ code: 7 });
    await mkdir(join(path, 'stages'), { recursive: true });
    await writeFile(
      join(path, 'stages', '6-code-generation-and-review.md'),
      '```ts src/a.ts\nexport const a = 1;\n```\n\n```ts ../evil.ts\nboo\n```\n\n```sh\nls\n```\n',
    );
    const extract = ['extract-code', '-p', id, '-s', '6', '-o', 'code'];
    expect((await cli.json(...extract, '--dry-run')).value).toMatchObject({
      dryRun: true,
      files: [{ path: 'src/a.ts', action: 'create' }],
    });
    expect(await readdir(cli.home)).not.toContain('code');
    const { stdout, stderr, code } = await cli.run(...extract);
    expect(code).toBe(0);
    expect(stdout).toBe('create  src/a.ts\n');
    expect(stderr).toContain('../evil.ts: it leads out of the folder');
    expect(await readFile(join(cli.home, 'code', 'src', 'a.ts'), 'utf8')).toBe('export const a = 1;\n');
    expect(await readdir(cli.home)).not.toContain('evil.ts');
    await writeFile(join(cli.home, 'code', 'src', 'a.ts'), 'mine');
    expect(await cli.json(...extract)).toMatchObject({
      code: 1,
      value: { error: { code: 'PLAN_EXTRACT_CONFLICT' } },
    });
    expect((await cli.json(...extract, '--force')).value).toMatchObject({ files: [{ action: 'replace' }] });
  });
});

describe('import-code', () => {
  it('gives code to later stages, and takes it out again', async () => {
    await using cli = await createCli();
    const { id } = await projectOf(cli);
    await mkdir(join(cli.home, 'src'));
    await writeFile(join(cli.home, 'src', 'tide.ts'), 'export const tide = 1;\n');
    await writeFile(join(cli.home, 'src', 'other.ts'), 'export const other = 2;\n');
    await writeFile(join(cli.home, 'src', '.env'), 'TOKEN=abc\n');
    await cli.run('run', '-p', id, '--stages', '1');
    const imported = await cli.json('import-code', '-p', id, '-f', 'src', '-d', 'The old firmware');
    expect(imported).toMatchObject({
      code: 0,
      value: { files: [{ path: 'other.ts' }, { path: 'tide.ts' }], leftOut: [{ path: '.env' }] },
    });
    expect((await cli.json('status', '-p', id)).value).toMatchObject({
      stages: [{ status: 'stale', why: [expect.stringContaining('code')] }, {}, {}, {}, {}, {}],
    });
    const { prompt } = (await cli.json('templates', 'debug', 'initial-plan', '-p', id)).value;
    expect(prompt).toContain('export const tide = 1;');
    expect(prompt).toContain('The old firmware');
    expect(prompt).not.toContain('TOKEN=abc');
    // Several files in one option, and the option several times.
    const two = ['-f', 'src/tide.ts', 'src/other.ts', '-f', 'src/tide.ts'];
    const { stdout, stderr } = await cli.run('import-code', '-p', id, ...two);
    expect(stdout).toContain('tide.ts');
    expect(stderr).toContain('2 files');
    expect(await cli.json('import-code', '-p', id, '--remove')).toMatchObject({ value: { removed: true } });
    expect(await cli.json('import-code', '-p', id, '--remove')).toMatchObject({ value: { removed: false } });
    expect(await cli.json('import-code', '-p', id, '-f', 'none')).toMatchObject({ code: 3 });
    expect(await cli.json('import-code', '-p', id)).toMatchObject({ code: 2 });
    expect(await cli.json('import-code', '-p', id, '--remove', '-f', 'src')).toMatchObject({ code: 2 });
  });
});
