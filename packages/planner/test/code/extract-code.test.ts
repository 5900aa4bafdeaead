import { chmod, link, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPath } from '../../src/code/extract/safe-path.js';
import { extractCode, PlanError } from '../../src/index.js';
import { temporaryFolder } from '../temporary.js';

function block(name: string, text = 'x\n'): string {
  return `\`\`\`ts file="${name}"\n${text}\`\`\`\n`;
}

async function tree(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

const hostile = [
  '/etc/passwd',
  '//server/share/a.ts',
  '\\\\server\\share\\a.ts',
  '../a.ts',
  'src/../../a.ts',
  'src\\..\\..\\a.ts',
  '..',
  'a/..',
  'C:\\a.ts',
  'C:a.ts',
  'c:/a.ts',
  '~/a.ts',
  '~root/a.ts',
  'a\0.ts',
  'a\u202Ets.exe',
  'a\u200b.ts',
  'CON',
  'src/nul.ts',
  'com1.txt',
  'LPT9',
  'COM\u00b9.ts',
  'conin$',
  'aux./a.ts',
  'a.ts.',
  'a.ts ',
  'src /a.ts',
  'a.ts:stream',
  'a?.ts',
  'a*.ts',
  'a|b.ts',
  'src/',
  '.git/hooks/post-checkout',
  'sub/.GIT/config',
  'git~1/config',
  `${'a'.repeat(300)}.ts`,
  `${'a/'.repeat(600)}a.ts`,
];

describe('extractCode', () => {
  it('writes files into folders, and says what it did', async () => {
    const dir = join(await temporaryFolder(), 'new', 'out');
    const text = `# Code\n\n${block('src/a.ts', 'a\n')}\n${block('b.ts', 'größe\n')}\n\`\`\`sh\nnpm i\n\`\`\`\n`;
    const done = await extractCode(text, dir);
    expect(done).toEqual({
      dir,
      files: [
        { path: 'src/a.ts', line: 3, bytes: 2, action: 'create' },
        { path: 'b.ts', line: 7, bytes: 8, action: 'create' },
      ],
      skipped: [],
      unnamed: 1,
    });
    expect(await tree(dir)).toEqual(['b.ts', 'src/a.ts']);
    expect(await readFile(join(dir, 'b.ts'), 'utf8')).toBe('größe\n');
    const again = await extractCode(text, dir);
    expect(again.files.map(({ action }) => action)).toEqual(['unchanged', 'unchanged']);
  });

  it.each(hostile)('never writes %j', async (name) => {
    const parent = await temporaryFolder();
    const dir = join(parent, 'a', 'b');
    const { files, skipped } = await extractCode(block(name) + block('good.ts'), dir);
    expect(files.map(({ path }) => path)).toEqual(['good.ts']);
    expect(skipped).toEqual([{ line: 1, name, reason: 'unsafe-name', why: expect.any(String) }]);
    expect(await tree(parent)).toEqual(['a/b/good.ts']);
  });

  it('lets no name out of the folder, whatever it is', () => {
    const parts = fc.constantFrom(
      '..',
      '.',
      '',
      'a',
      '~',
      'C:',
      '\\',
      '.git',
      'con',
      'a.',
      ' ',
      '\0',
      'é',
      'x.ts',
    );
    const names = fc.oneof(
      fc.array(parts, { minLength: 1, maxLength: 6 }).map((list) => list.join('/')),
      fc.array(parts, { minLength: 1, maxLength: 6 }).map((list) => list.join('\\')),
      fc.string({ unit: 'binary', maxLength: 40 }),
    );
    fc.assert(
      fc.property(names, (name) => {
        const checked = checkPath(name);
        if (!('path' in checked)) return;
        const target = join('/target', ...checked.path.split('/'));
        expect(target.startsWith('/target/')).toBe(true);
        expect(checkPath(checked.path)).toEqual(checked);
        for (const part of checked.path.split('/'))
          expect(part).not.toMatch(/^(?:\.{0,2}|\.git)$|[. ]$|[\\:\0]/iu);
      }),
      { numRuns: 2000 },
    );
  });

  it('follows no link in the folder', async () => {
    const parent = await temporaryFolder();
    const [dir, outside] = [join(parent, 'dir'), join(parent, 'outside')];
    await mkdir(dir);
    await mkdir(outside);
    await writeFile(join(outside, 'b.ts'), 'mine\n');
    await symlink(outside, join(dir, 'src'));
    await symlink(join(outside, 'b.ts'), join(dir, 'b.ts'));
    await symlink(join(outside, 'none.ts'), join(dir, 'c.ts'));
    const text = block('src/a.ts') + block('b.ts') + block('c.ts') + block('d.ts');
    for (const force of [false, true]) {
      const { files, skipped } = await extractCode(text, dir, { force });
      expect(files.map(({ path }) => path)).toEqual(['d.ts']);
      expect(skipped.map(({ reason }) => reason)).toEqual(Array(3).fill('symbolic-link'));
    }
    expect(await tree(outside)).toEqual(['b.ts']);
    expect(await readFile(join(outside, 'b.ts'), 'utf8')).toBe('mine\n');
    expect((await lstat(join(dir, 'b.ts'))).isSymbolicLink()).toBe(true);
  });

  it('takes a folder that is itself reached by a link', async () => {
    const parent = await temporaryFolder();
    await mkdir(join(parent, 'real'));
    await symlink(join(parent, 'real'), join(parent, 'dir'));
    expect((await extractCode(block('src/a.ts'), join(parent, 'dir'))).dir).toBe(join(parent, 'real'));
    expect(await tree(join(parent, 'real'))).toEqual(['src/a.ts']);
  });

  it('writes nothing at all when a file is in the way, and names all of them', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'b.ts'), 'mine\n');
    await mkdir(join(dir, 'c.ts'));
    await writeFile(join(dir, 'd'), 'mine\n');
    const text = block('a.ts') + block('b.ts') + block('c.ts') + block('d/e.ts');
    await expect(extractCode(text, dir)).rejects.toMatchObject({
      code: 'PLAN_EXTRACT_CONFLICT',
      message: expect.stringContaining('b.ts, c.ts, d/e.ts'),
    });
    expect(await tree(dir)).toEqual(['b.ts', 'd']);
    const plan = await extractCode(text, dir, { dryRun: true });
    expect(plan.files.map(({ action }) => action)).toEqual(['create', 'conflict', 'conflict', 'conflict']);
    // Not even by force does a file take the place of a folder.
    await expect(extractCode(text, dir, { force: true })).rejects.toMatchObject({
      message: expect.not.stringContaining('b.ts'),
    });
    expect(await readFile(join(dir, 'b.ts'), 'utf8')).toBe('mine\n');
  });

  it('replaces by force, and leaves the permissions and the other names of the old file alone', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'run.sh'), 'old\n');
    await chmod(join(dir, 'run.sh'), 0o755);
    await link(join(dir, 'run.sh'), join(dir, 'other'));
    const { files } = await extractCode(block('run.sh', 'new\n'), dir, { force: true });
    expect(files).toEqual([{ path: 'run.sh', line: 1, bytes: 4, action: 'replace' }]);
    expect(await readFile(join(dir, 'run.sh'), 'utf8')).toBe('new\n');
    expect((await stat(join(dir, 'run.sh'))).mode & 0o777).toBe(0o755);
    expect(await readFile(join(dir, 'other'), 'utf8')).toBe('old\n');
    expect(await tree(dir)).toEqual(['other', 'run.sh']);
  });

  it('takes back what it did when it fails half way', async () => {
    const parent = await temporaryFolder();
    // So deep that a long name in it is too much for the system, while a short one is not.
    const dir = join(parent, ...Array<string>(14).fill('p'.repeat(250)));
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, 'old.ts'), 'old\n');
    const long = `${'d'.repeat(250)}/`.repeat(3);
    const text = block('old.ts', 'new\n') + block('n/e/w.ts') + block(`${long}a.ts`);
    const failure = extractCode(text, dir, { force: true });
    await expect(failure).rejects.toMatchObject({ code: 'PLAN_EXTRACT_FAILED' });
    expect(await readdir(dir)).toEqual(['old.ts']);
    expect(await readFile(join(dir, 'old.ts'), 'utf8')).toBe('old\n');
  });

  it('takes back the folders that it made, and only those', async () => {
    const parent = await temporaryFolder();
    const deep = join(parent, ...Array<string>(14).fill('p'.repeat(250)));
    await mkdir(deep, { recursive: true });
    const long = `${'d'.repeat(250)}/`.repeat(3);
    await expect(extractCode(block(`${long}a.ts`), join(deep, 'new', 'dir'))).rejects.toMatchObject({
      code: 'PLAN_EXTRACT_FAILED',
    });
    expect(await readdir(deep)).toEqual([]);
    // Here the system refuses a folder after its parent was made.
    await mkdir(join(parent, 'mine'));
    const dir = join(parent, 'mine', 'new', 'n'.repeat(300));
    await expect(extractCode(block('a.ts'), dir)).rejects.toMatchObject({ code: 'PLAN_EXTRACT_FAILED' });
    expect(await readdir(join(parent, 'mine'))).toEqual([]);
  });

  it('only tells when asked to', async () => {
    const dir = join(await temporaryFolder(), 'none');
    const plan = await extractCode(block('a.ts'), dir, { dryRun: true });
    expect(plan).toMatchObject({ dir, files: [{ path: 'a.ts', action: 'create' }] });
    await expect(stat(dir)).rejects.toThrow();
    expect((await extractCode('no code', dir)).files).toEqual([]);
    await expect(stat(dir)).rejects.toThrow();
  });

  it('says what is wrong with the folder', async () => {
    const parent = await temporaryFolder();
    await writeFile(join(parent, 'file'), '');
    const failure = await extractCode(block('a.ts'), join(parent, 'file')).catch((error: unknown) => error);
    expect(PlanError.isInstance(failure)).toBe(true);
    expect(failure).toMatchObject({ code: 'PLAN_EXTRACT_FAILED', cause: expect.anything() });
    await expect(extractCode('', '')).rejects.toThrow(TypeError);
  });
});
