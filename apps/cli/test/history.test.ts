import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Cli, createCli } from './support/cli.js';

async function projectOf(cli: Cli): Promise<{ id: string; path: string }> {
  const { value } = await cli.json('init', '-n', 'Tide Clock', '-d', 'A wall clock that shows the tide');
  return { id: String(value.id), path: String(value.path) };
}

describe('history, diff and restore', () => {
  it('name revisions in one way, for people and for programs', async () => {
    await using cli = await createCli();
    const { id, path } = await projectOf(cli);
    expect(await cli.run('history', '-p', id)).toMatchObject({ code: 0, stdout: '' });
    await cli.run('run', '-p', id, '--stages', '1,2');
    await writeFile(join(path, 'stages', '1-initial-plan.md'), 'one\ntwo\n');
    await cli.run('run-stage', '-p', id, '-s', '1', '--refresh');
    const { value } = await cli.json('history', '-p', id);
    expect(value.revisions).toMatchObject([
      { id: '1@1', stage: 1, revision: 1, origin: 'run', current: false },
      { id: '1@2', origin: 'edit' },
      { id: '1@3', origin: 'run', current: true, tokens: { output: expect.any(Number) } },
      { id: '2@1', inputs: [{ stage: 1, revision: 1 }] },
    ]);
    const words = await cli.run('history', '-p', id, '-s', '1');
    expect(words.stdout.trim().split('\n')).toHaveLength(3);
    expect(words.stdout).toContain('* 1@3');

    const { stdout, code } = await cli.run('diff', '-p', id, '1@1', '1@2');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^--- 1-initial-plan@1\n\+\+\+ 1-initial-plan@2\n@@ /);
    expect(stdout).toContain('\n+two\n');
    expect((await cli.json('diff', '-p', id, '1@1', '1@2')).value).toMatchObject({
      stage: 1,
      from: 1,
      to: 2,
      linesAdded: 2,
      unified: stdout,
    });
    expect(await cli.run('diff', '-p', id, '3')).toMatchObject({ code: 0, stdout: '' });

    expect((await cli.json('restore', '-p', id, '1@2')).value).toEqual({
      stage: 1,
      restored: 2,
      revision: 4,
      stale: [2],
    });
    expect(await readFile(join(path, 'stages', '1-initial-plan.md'), 'utf8')).toBe('one\ntwo\n');
    expect((await cli.run('restore', '-p', id, '-s', '1', '1')).stdout).toBe(
      '1@1 is current again, as 1@5.\n',
    );
  });

  it('say what is wrong with a name', async () => {
    await using cli = await createCli();
    const { id } = await projectOf(cli);
    await cli.run('run', '-p', id, '--stages', '1,2');
    for (const [code, ...args] of [
      [2, 'diff', '1@1', '2@1'],
      [2, 'diff', '1', 'current'],
      [2, 'diff', 'x', '1@1'],
      [2, 'diff'],
      [2, 'restore', '1'],
      [2, 'restore', '1@current'],
      [2, 'restore'],
      [3, 'restore', '1@9'],
      [3, 'restore', '9'],
      [3, 'restore', '9@1'],
      [3, 'history', '-s', '9'],
    ] as const) {
      const result = await cli.json(...args, '-p', id);
      expect(result, args.join(' ')).toMatchObject({ code, value: { error: { exitCode: code } } });
    }
    expect(await cli.json('history', '-p', 'nobody')).toMatchObject({ code: 3 });
    expect((await cli.run('restore', '-p', id, '1')).stderr).toContain('1@1, 2@1');
  });
});

describe('edit', () => {
  it('opens a document in the editor, and keeps the text as a revision', async () => {
    await using cli = await createCli({ VISUAL: `sed -i '$ a With a motor.'`, EDITOR: 'false' });
    const { id, path } = await projectOf(cli);
    await cli.run('run', '-p', id, '--stages', '1,2');
    const { code, value } = await cli.json('edit', '-p', id, '-s', '1');
    expect({ code, value }).toEqual({
      code: 0,
      value: { stage: 1, changed: true, revision: 2, stale: [2] },
    });
    expect(await readFile(join(path, 'stages', '1-initial-plan.md'), 'utf8')).toMatch(/\nWith a motor\.\n$/);
    const again = await cli.run('edit', '-p', id, '-s', '1');
    expect(again).toMatchObject({ code: 0, stdout: '1@3 is current.\n' });
    expect(again.stderr).toContain('stale now: 2 Architecture Design');
  });

  it('needs an editor where there is no terminal', async () => {
    await using cli = await createCli();
    const { id } = await projectOf(cli);
    await cli.run('run', '-p', id, '--stages', '1');
    expect(await cli.json('edit', '-p', id, '-s', '1')).toMatchObject({
      code: 2,
      value: { error: { code: 'USAGE', message: expect.stringContaining('EDITOR') } },
    });
  });

  it('changes nothing when nothing was changed, or the editor fails', async () => {
    await using cli = await createCli({ EDITOR: 'cat' });
    const { id } = await projectOf(cli);
    expect(await cli.json('edit', '-p', id, '-s', '1')).toMatchObject({
      code: 7,
      value: { error: { code: 'PLAN_DEPENDENCY_UNMET' } },
    });
    await cli.run('run', '-p', id, '--stages', '1');
    // What the editor prints is no part of the document.
    expect(await cli.json('edit', '-p', id, '-s', '1')).toMatchObject({ code: 0, value: { changed: false } });
    await using failing = await createCli({ EDITOR: 'false', AI_TOOLKIT_HOME: cli.home });
    expect(await failing.json('edit', '-p', id, '-s', '1')).toMatchObject({ code: 1 });
    await using removing = await createCli({ EDITOR: 'rm', AI_TOOLKIT_HOME: cli.home });
    expect(await removing.json('edit', '-p', id, '-s', '1')).toMatchObject({
      code: 1,
      value: { error: { message: expect.stringContaining('(rm)'), hint: expect.stringContaining('EDITOR') } },
    });
    await using emptying = await createCli({ EDITOR: 'truncate -s 0', AI_TOOLKIT_HOME: cli.home });
    const emptied = await emptying.run('edit', '-p', id, '-s', '1');
    expect(emptied.code).toBe(2);
    expect(emptied.stderr).not.toContain('is kept in');
    expect((await cli.json('history', '-p', id)).value).toMatchObject({ revisions: [{ id: '1@1' }] });
  });

  it.each([
    ['written and given up', `f() { echo mine >> "$1"; exit 1; }; f`],
    ['lost with its terminal', `f() { echo mine > "$1.swp"; kill -HUP $$; }; f`],
  ])('keeps a text that was %s', async (_, EDITOR) => {
    await using cli = await createCli({ EDITOR });
    const { id } = await projectOf(cli);
    await cli.run('run', '-p', id, '--stages', '1');
    const { code, stderr } = await cli.run('edit', '-p', id, '-s', '1');
    expect(code).toBe(1);
    const [, file = ''] = /Your text is kept in (\S+\.md)\n/.exec(stderr) ?? [];
    expect(file, stderr).toContain(tmpdir());
    const kept = dirname(file);
    const texts = await Promise.all((await readdir(kept)).map((name) => readFile(join(kept, name), 'utf8')));
    expect(texts.join('')).toContain('mine');
    await rm(kept, { recursive: true });
  });

  it('keeps what was written when somebody else has changed the document meanwhile', async () => {
    await using cli = await createCli();
    const { id, path } = await projectOf(cli);
    await cli.run('run', '-p', id, '--stages', '1');
    const document = join(path, 'stages', '1-initial-plan.md');
    const script = join(cli.home, 'editor.sh');
    await writeFile(script, `printf theirs > '${document}'; printf mine > "$1"\n`);
    await using editing = await createCli({ EDITOR: `sh '${script}'`, AI_TOOLKIT_HOME: cli.home });
    const { code, stderr } = await editing.run('edit', '-p', id, '-s', '1');
    expect(code).toBe(1);
    expect(stderr).toContain('changed by somebody else');
    expect(await readFile(document, 'utf8')).toBe('theirs');
    const kept = /Your text is kept in (\S+)/.exec(stderr)?.[1] ?? '';
    expect(await readFile(kept, 'utf8')).toBe('mine');
    const left = (await readdir(tmpdir())).filter((name) => name.startsWith('ai-toolkit-edit-'));
    expect(left.some((name) => kept.includes(name))).toBe(true);
    await rm(dirname(kept), { recursive: true });
  });
});
