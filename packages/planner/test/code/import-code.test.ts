import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CodeImport, ImportCodeOptions } from '../../src/index.js';
import { collect, type Setup, setUp } from '../setup.js';
import { temporaryFolder } from '../temporary.js';

async function put(root: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return root;
}

interface Imported extends Setup {
  readonly done: CodeImport;
  readonly text: string;
}

async function importOf(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: ImportCodeOptions = {},
  named: readonly string[] = ['.'],
): Promise<Imported> {
  const setup = await setUp();
  const code = await put(await temporaryFolder(), files);
  const done = await setup.planner.importCode(
    setup.project.id,
    named.map((name) => join(code, name)),
    options,
  );
  return { ...setup, done, text: await readFile(done.path, 'utf8') };
}

function paths({ files }: CodeImport): string[] {
  return files.map(({ path }) => path);
}

function reasons({ leftOut }: CodeImport): Record<string, string> {
  return Object.fromEntries(leftOut.map(({ path, reason }) => [path, reason]));
}

describe('importCode', () => {
  it('puts code before the model, with what it is and where', async () => {
    const { planner, project, client, done, text } = await importOf(
      { 'src/b.ts': 'b\n', 'src/a.ts': 'a <&> "b"\n', 'README.md': '# Hi\n\n```sh\nnpm i\n```\n' },
      { description: ' The old clock ' },
    );
    expect(done).toEqual({
      path: join(project.path, 'artifacts', 'imported-code.md'),
      files: [
        { path: 'README.md', lines: 5, linesLeftOut: 0 },
        { path: 'src/a.ts', lines: 1, linesLeftOut: 0 },
        { path: 'src/b.ts', lines: 1, linesLeftOut: 0 },
      ],
      leftOut: [],
      tokens: expect.any(Number),
      replaced: false,
    });
    expect(text).toContain('## README.md\n\n````md\n# Hi\n\n```sh\nnpm i\n```\n````\n');
    await collect(planner.run(project.id));
    expect(client.calls).toHaveLength(6);
    for (const { prompt } of client.calls) {
      expect(prompt).toContain('# Code that exists already\n\nThe old clock\n');
      expect(prompt).toContain('## src/a.ts\n\n```ts\na <&> "b"\n```\n');
      expect(prompt).not.toContain(dirname(done.path));
      expect(prompt).not.toContain('<!-- ai-toolkit');
    }
  });

  it('makes stale what was made without it, with other code, or with code that is gone', async () => {
    const { planner, project } = await setUp();
    const code = await put(await temporaryFolder(), { 'a.ts': '1\n' });
    const state = async (): Promise<string> => {
      const [stage] = (await planner.status(project.id)).stages;
      return `${stage?.status}: ${stage?.why.join('; ')}`;
    };
    await collect(planner.runStage(project.id, 1));
    await planner.importCode(project.id, [code]);
    expect(await state()).toBe('stale: the imported code changed');
    await collect(planner.runStage(project.id, 1));
    expect(await state()).toBe('done: ');
    expect(await planner.importCode(project.id, [code])).toMatchObject({ replaced: true });
    expect(await state()).toBe('done: ');
    await put(code, { 'a.ts': '2\n' });
    await planner.importCode(project.id, [code]);
    expect(await state()).toBe('stale: the imported code changed');
    await collect(planner.runStage(project.id, 1));
    expect(await planner.removeCode(project.id)).toBe(true);
    expect(await planner.removeCode(project.id)).toBe(false);
    expect(await state()).toBe('stale: the imported code changed');
  });

  it('gives the same text wherever the code is, and in whatever order it is named', async () => {
    const { planner, project } = await setUp();
    const files = { 'x/b.ts': 'b\n', 'x/a.ts': 'a\n', 'x/B.ts': 'B\n', 'x/y/ä.ts': 'c\n' };
    const [one, two] = [await put(await temporaryFolder(), files), await put(await temporaryFolder(), files)];
    const read = async (...named: string[]): Promise<string> =>
      readFile((await planner.importCode(project.id, named)).path, 'utf8');
    const text = await read(join(one, 'x'));
    expect(await read(join(two, 'x'))).toBe(text);
    const single = ['x/y', 'x/b.ts', 'x/B.ts', 'x/a.ts', 'x/a.ts', 'x'].map((name) => join(two, name));
    expect(await read(...single)).toBe(text);
    expect(text.match(/^## .*$/gmu)).toEqual(['## B.ts', '## a.ts', '## b.ts', '## y/ä.ts']);
  });

  it('leaves out what .gitignore says, in every folder, as git does', async () => {
    const files = {
      '.gitignore': 'dist/\n*.log\n!keep.log\n/only-root.ts\nsub/deep/\n',
      'a.ts': 'a\n',
      'only-root.ts': 'r\n',
      'x.log': 'l\n',
      'keep.log': 'k\n',
      'dist/a.ts': 'd\n',
      'pkg/.gitignore': '!x.log\ngenerated\n*.local.ts\n',
      'pkg/x.log': 'l\n',
      'pkg/only-root.ts': 'r\n',
      'pkg/generated/a.ts': 'g\n',
      'pkg/dist/a.ts': 'd\n',
      'pkg/my.local.ts': 'm\n',
      'sub/deep/a.ts': 's\n',
      'Dist/a.ts': 'D\n',
    };
    const { done } = await importOf(files);
    const root = await put(await temporaryFolder(), files);
    execFileSync('git', ['init', '-q'], { cwd: root });
    const listed = execFileSync('git', ['ls-files', '--others', '--exclude-standard'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(paths(done)).toEqual(listed.trim().split('\n').sort());
    expect(reasons(done)).toEqual({
      'dist/': 'ignored',
      'only-root.ts': 'ignored',
      'pkg/dist/': 'ignored',
      'pkg/generated/': 'ignored',
      'pkg/my.local.ts': 'ignored',
      'sub/deep/': 'ignored',
      'x.log': 'ignored',
    });
  });

  it('knows the rules of the repository above what is named', async () => {
    const { planner, project } = await setUp();
    const root = await put(await temporaryFolder(), {
      '.git/info/exclude': 'mine.ts\n',
      '.gitignore': '*.gen.ts\nout/\n',
      'src/a.ts': 'a\n',
      'src/b.gen.ts': 'b\n',
      'src/mine.ts': 'm\n',
      'out/in/c.ts': 'c\n',
    });
    const done = await planner.importCode(project.id, [
      join(root, 'src'),
      join(root, 'out', 'in'),
      join(root, 'src', 'b.gen.ts'),
    ]);
    expect(paths(done)).toEqual(['src/a.ts']);
    expect(reasons(done)).toEqual({
      'out/in': 'ignored',
      'src/b.gen.ts': 'ignored',
      'src/mine.ts': 'ignored',
    });
  });

  it.each([
    '.env',
    '.env.local',
    '.ENV.production',
    '.env-production',
    '.env_prod',
    'prod.env',
    'server.pem',
    'id_rsa',
    'id_ed25519',
    '.npmrc',
    '.netrc',
    'credentials.json',
    'service-account-prod.json',
    'secrets.yaml',
    'terraform.tfstate',
    '.ssh/config',
    '.aws/config',
    'deploy.key',
  ])('leaves out %s, even when it is named', async (name) => {
    const { done, text } = await importOf({ [name]: 'TOP=SECRET\n', 'a.ts': 'a\n' }, {}, ['.', name]);
    expect(paths(done)).toEqual(['a.ts']);
    expect(Object.values(reasons(done))).toContain('secret');
    expect(text).not.toContain('TOP=SECRET');
  });

  it.each([
    `-----BEGIN RSA PRIVATE ${'KEY'}-----`,
    `-----BEGIN ${'PRIVATE'} KEY-----`,
    `const k = 'AKIA${'ABCDEFGHIJKLMNOP'}'`,
    `token: ghp_${'a1'.repeat(20)}`,
    `OPENAI = sk-proj-${'a1'.repeat(20)}`,
    `sk-ant-api03-${'a1'.repeat(20)}`,
    `AIza${'a'.repeat(35)}`,
    `xoxb-${'1'.repeat(24)}`,
    `HF_TOKEN=hf_${'aB'.repeat(17)}`,
    `gsk_${'aB1c'.repeat(13)}`,
    `xai-${'aB1c'.repeat(20)}`,
    `"GOCSPX-${'aB1_'.repeat(7)}"`,
  ])('leaves out a file that holds %s', async (secret) => {
    const { done, text } = await importOf({ 'b.ts': `x\n${secret}\n`, 'a.ts': 'a\n' });
    expect(reasons(done)).toEqual({ 'b.ts': 'secret' });
    expect(text).not.toContain(secret);
    expect(text).toContain('## Left out\n\n- b.ts: it may hold secrets\n');
  });

  it('takes what only looks a little like a secret', async () => {
    const names = [
      '.env.example',
      '.env-sample',
      '.environment',
      'key.ts',
      'secret-santa.ts',
      'id_rsa.pub',
      'keys.json',
      'environment.ts',
    ];
    const text = 'const task = "sk-1", hf_hub_download_of_the_model_and_its_tokenizer = "xai-1 gsk_1";\n';
    const { done } = await importOf(Object.fromEntries(names.map((name) => [name, text])));
    expect(paths(done)).toEqual(names.sort());
  });

  it('leaves out what is no text, what is too large, and what tools make', async () => {
    const { done } = await importOf(
      {
        'a.ts': 'a\n',
        'empty.ts': '',
        'nul.ts': 'a\0b',
        'latin1.txt': Uint8Array.of(0xe9, 0x0a),
        'image.png': Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 1),
        'big.ts': 'x'.repeat(101),
        'package-lock.json': '{}',
        'app.min.js': 'x',
        'node_modules/x/index.js': 'x',
        '.git/config': 'x',
        'pkg/node_modules/x/index.js': 'x',
      },
      { maxFileBytes: 100 },
    );
    expect(paths(done)).toEqual(['a.ts', 'empty.ts']);
    expect(reasons(done)).toEqual({
      '.git/': 'tooling',
      'app.min.js': 'generated',
      'big.ts': 'too-large',
      'image.png': 'binary',
      'latin1.txt': 'binary',
      'node_modules/': 'tooling',
      'nul.ts': 'binary',
      'package-lock.json': 'generated',
      'pkg/node_modules/': 'tooling',
    });
  });

  it('follows no link and waits for no pipe', async () => {
    const { planner, project } = await setUp();
    const outside = await put(await temporaryFolder(), { 'x/private.ts': 'private\n' });
    const root = await put(await temporaryFolder(), { 'a.ts': 'a\n' });
    await symlink(join(outside, 'x'), join(root, 'folder'));
    await symlink(join(outside, 'x', 'private.ts'), join(root, 'file.ts'));
    await symlink(root, join(root, 'circle'));
    execFileSync('mkfifo', [join(root, 'pipe.ts')]);
    const done = await planner.importCode(project.id, [root, join(root, 'file.ts'), join(root, 'pipe.ts')]);
    expect(paths(done)).toEqual(['a.ts']);
    expect(reasons(done)).toEqual({
      circle: 'symbolic-link',
      'file.ts': 'symbolic-link',
      folder: 'symbolic-link',
      'pipe.ts': 'not-a-file',
    });
    expect(await readFile(done.path, 'utf8')).not.toContain('private\n');
  });

  it('shares a budget fairly: small files whole, large ones cut alike, and says so', async () => {
    const line = `${'x'.repeat(39)}\n`;
    const { done, text } = await importOf(
      { 'small.ts': line.repeat(3), 'big1.ts': line.repeat(400), 'big2.ts': line.repeat(200) },
      { tokenBudget: 1_000 },
    );
    expect(done.tokens).toBeLessThanOrEqual(1_000);
    expect(done.tokens).toBeGreaterThan(900);
    const left = Object.fromEntries(done.files.map(({ path, linesLeftOut }) => [path, linesLeftOut]));
    expect(left['small.ts']).toBe(0);
    expect(400 - (left['big1.ts'] ?? 0)).toBe(200 - (left['big2.ts'] ?? 0));
    expect(text).toContain(`(The last ${left['big1.ts']} of 400 lines are left out here.)`);
  });

  it('takes the beginning of one file rather than nothing', async () => {
    const { done } = await importOf(
      { 'b.ts': 'b\n', 'a.ts': `${'z'.repeat(39)}\n`.repeat(100) },
      { tokenBudget: 120 },
    );
    expect(done.tokens).toBeLessThanOrEqual(120);
    expect(done.files).toEqual([{ path: 'a.ts', lines: 100, linesLeftOut: expect.any(Number) }]);
    expect(done.files[0]?.linesLeftOut).toBeLessThan(97);
    expect(reasons(done)).toEqual({ 'b.ts': 'budget' });
  });

  it('keeps to any budget, and shows or tells of every file', async () => {
    const setup = await setUp();
    const code = await temporaryFolder();
    await put(code, {
      'a.ts': 'a'.repeat(10_000),
      'b.ts': 'b\n'.repeat(3_000),
      'c/d.ts': '',
      'c/e.ts': `${'```'.repeat(50)}\n`.repeat(20),
      ...Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`f/${n}.md`, `# ${n}\n\n`.repeat(n * 3)])),
    });
    for (let tokenBudget = 40; tokenBudget < 20_000; tokenBudget = Math.floor(tokenBudget * 1.7)) {
      const imported = await setup.planner
        .importCode(setup.project.id, [code], { tokenBudget })
        .catch((error: unknown) => error);
      if (imported instanceof Error) {
        expect(imported).toMatchObject({ code: 'PLAN_IMPORT_EMPTY' });
        continue;
      }
      const { tokens, files, leftOut } = imported as CodeImport;
      expect(tokens).toBeLessThanOrEqual(tokenBudget);
      expect(files.length + leftOut.length).toBe(64);
    }
  });

  it('leaves out the deepest files where there is no room for all, and tells the caller of each', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 300 }, (_, n) => [`${n < 20 ? '' : 'deep/er/'}f${n}.ts`, `${'y'.repeat(400)}\n`]),
    );
    const { done, text } = await importOf(files, { tokenBudget: 3_000 });
    expect(done.tokens).toBeLessThanOrEqual(3_000);
    expect(done.files.length + done.leftOut.length).toBe(300);
    for (let n = 0; n < 20; n += 1) expect(paths(done)).toContain(`f${n}.ts`);
    expect(new Set(Object.values(reasons(done)))).toEqual(new Set(['budget']));
    expect(text).toMatch(/- and \d+ more\n/u);
  });

  it('says why nothing is left', async () => {
    const { planner, project } = await setUp();
    const root = await put(await temporaryFolder(), { '.env': 'x', 'a.ts': 'a\n' });
    const imported = async (name: string, options?: ImportCodeOptions): Promise<unknown> =>
      planner.importCode(project.id, [join(root, name)], options).catch((error: unknown) => error);
    expect(await imported('.env')).toMatchObject({
      code: 'PLAN_IMPORT_EMPTY',
      message: 'No code was imported: left out: .env (it may hold secrets).',
    });
    expect(await imported('a.ts', { tokenBudget: 5 })).toMatchObject({
      code: 'PLAN_IMPORT_EMPTY',
      hint: expect.stringContaining('5 tokens'),
    });
    expect(await imported('none.ts')).toMatchObject({ code: 'PLAN_IMPORT_NOT_FOUND' });
    expect(await imported('a.ts', { tokenBudget: 0 })).toBeInstanceOf(RangeError);
    expect(await planner.importCode(project.id, []).catch((error: unknown) => error)).toBeInstanceOf(
      TypeError,
    );
    expect(await planner.removeCode(project.id)).toBe(false);
  });

  it.each([
    ['.ssh', '.ssh (it may hold secrets)'],
    ['node_modules', 'node_modules/ (it belongs to a tool, not to the project)'],
    ['out', 'out (it is ignored by .gitignore)'],
  ])('names the folder %s also when it is the only one', async (name, reason) => {
    const { planner, project } = await setUp();
    const root = await put(await temporaryFolder(), {
      '.git/config': '',
      '.gitignore': 'out/\n',
      [`${name}/a.ts`]: 'a\n',
    });
    await expect(planner.importCode(project.id, [join(root, name)])).rejects.toMatchObject({
      code: 'PLAN_IMPORT_EMPTY',
      message: `No code was imported: left out: ${reason}.`,
    });
  });

  it('never reads what it wrote itself', async () => {
    const { planner, project } = await setUp();
    await put(project.path, { 'old/a.ts': 'a\n' });
    const first = await planner.importCode(project.id, [project.path]);
    const second = await planner.importCode(project.id, [project.path]);
    expect({ ...second, replaced: false }).toEqual(first);
    expect(paths(second)).not.toContain('artifacts/imported-code.md');
  });

  it('is stopped by a signal', async () => {
    const { planner, project } = await setUp();
    const root = await put(await temporaryFolder(), { 'a.ts': 'a\n' });
    const reason = new Error('stop');
    await expect(planner.importCode(project.id, [root], { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });

  it('writes and reads only in the project', async () => {
    const { planner, project } = await setUp();
    const outside = await temporaryFolder();
    const root = await put(await temporaryFolder(), { 'a.ts': 'a\n' });
    await symlink(outside, join(project.path, 'artifacts'));
    await expect(planner.importCode(project.id, [root])).rejects.toMatchObject({
      code: 'PLAN_IMPORT_INVALID',
    });
    await rm(join(project.path, 'artifacts'));
    await writeFile(join(project.path, 'artifacts'), 'a file');
    await expect(planner.importCode(project.id, [root])).rejects.toMatchObject({
      code: 'PLAN_IMPORT_INVALID',
    });
    await rm(join(project.path, 'artifacts'));
    const { path } = await planner.importCode(project.id, [root]);
    await rm(path);
    await symlink(join(root, 'a.ts'), path);
    await expect(planner.status(project.id)).rejects.toMatchObject({
      code: 'PLAN_IMPORT_INVALID',
      message: expect.stringContaining('symbolic link'),
    });
  });
});
