import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameKey } from '../../src/naming/slug.js';
import { StoreError } from '../../src/store-error.js';
import { temporaryFolder, temporaryStore } from '../temporary.js';

/** Names of devices on Windows, whatever follows a dot. */
const device = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu;

function isSafe(folder: string): boolean {
  return (
    /^[^./\\:*?"<>|\s\p{C}-][^/\\:*?"<>|\s\p{C}]*$/u.test(folder) &&
    !/[. ]$/u.test(folder) &&
    !device.test(folder) &&
    Buffer.byteLength(folder) <= 80
  );
}

describe('a hostile name', () => {
  it.each([
    '../x',
    '..\\..\\x',
    '/etc/passwd',
    'C:\\Windows\\System32',
    '\\\\server\\share',
    '~root',
    '$HOME',
    '`id`',
    '-rf',
    '--help',
    '.git',
    '.trash',
    '.ai-toolkit',
    'CON',
    'con.txt',
    'NUL.tar.gz',
    'COM1',
    'COM¹',
    'lpt9.md',
    'dots...',
    'a.',
    '. .',
    'trailing   ',
    'x'.repeat(200),
    '語'.repeat(200),
    '🚀'.repeat(200),
    '👩‍👩‍👧‍👦 family',
    'שלום\u200f!',
    'e\u0301te\u0301',
    `a${'\u0301'.repeat(150)}`,
    'ﬁne',
    'İstanbul',
    '%2e%2e%2f',
    'project.json',
    '<script>alert(1)</script>',
    "Robert'); DROP TABLE projects;--",
    '__proto__',
    'constructor',
    'half \ud83d',
    '\ude80',
  ])('%j gets a safe folder in the root and stays what it is', async (name) => {
    const { store, root } = await temporaryStore();
    const project = await store.create({ name });
    expect(project.name).toBe(name.trim().toWellFormed().normalize('NFC'));
    expect(project.path).toBe(join(root, basename(project.path)));
    expect(basename(project.path)).toSatisfy(isSafe);
    expect(project.id).toSatisfy(isSafe);
    expect(await store.get(project.id)).toEqual(project);
    expect(await store.getAll()).toMatchObject([{ kind: 'project', id: project.id, name: project.name }]);
    expect(await readdir(root)).toEqual([basename(project.path), ...(await internals(root))].sort());
  });

  it.each([
    ['', 'needs a name'],
    ['\u200b\u2060\ufeff', 'needs a name'],
    ['\u0301', 'needs a name'],
    ['a\0b', 'control characters'],
    ['a\u001b[31mred', 'control characters'],
    ['line\u2028break', 'line breaks'],
    ['photo\u202egnp.exe', 'control characters'],
    ['\u2066hidden\u2069', 'control characters'],
    ['x'.repeat(300), 'at most 200 characters; this one has 300'],
    ['🚀'.repeat(201), 'at most 200 characters; this one has 201'],
  ])('%j is refused, with a reason and what to do', async (name, message) => {
    const { store, root } = await temporaryStore();
    await expect(store.create({ name })).rejects.toMatchObject({
      code: 'STORE_NAME_INVALID',
      hint: expect.any(String),
    });
    await expect(store.create({ name })).rejects.toThrow(message);
    expect(await readdir(root).catch(() => [])).toEqual([]);
    const { id } = await store.create({ name: 'Good' });
    await expect(store.update(id, { name })).rejects.toThrow(message);
    expect(await store.get(id)).toMatchObject({ name: 'Good', version: 1 });
  });

  it.each(['a\nb', 'a\0', '\u202eabc', '\u200b', 'x'.repeat(51)])('%j is no tag', async (tag) => {
    const { store } = await temporaryStore();
    await expect(store.create({ name: 'A', tags: ['good', tag] })).rejects.toMatchObject({
      code: 'STORE_NAME_INVALID',
    });
  });

  it('of any kind is made safe or refused', { timeout: 60_000 }, async () => {
    const { store, root } = await temporaryStore();
    const anything = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: 'grapheme', maxLength: 260 }),
      fc
        .array(fc.constantFrom('..', '/', '\\', '.', ' ', 'con', 'NUL', '\u202e', '-', 'é', 'E', '\0'), {
          maxLength: 8,
        })
        .map((parts) => parts.join('')),
    );
    await fc.assert(
      fc.asyncProperty(anything, async (name) => {
        const made = await store.create({ name }).catch((error: unknown) => error);
        if (StoreError.isInstance(made)) return made.code === 'STORE_NAME_INVALID';
        if (made instanceof Error) throw made;
        const { path } = await store.get((made as { id: string }).id);
        return path === join(root, basename(path)) && isSafe(basename(path));
      }),
      { numRuns: 150 },
    );
    const folders = (await readdir(root)).filter((name) => !name.startsWith('.'));
    expect(new Set(folders.map(nameKey)).size).toBe(folders.length);
    expect((await store.getAll()).every(({ kind }) => kind === 'project')).toBe(true);
  });

  it('that another project has in other letters gets a folder of its own', async () => {
    const { store, root } = await temporaryStore();
    await mkdir(join(root, 'E\u0301TE\u0301'));
    await writeFile(join(root, 'CAFÉ'), '');
    const folders: string[] = [];
    for (const name of ['Été', 'ETE', 'e\u0301te\u0301', 'café', 'Cafe\u0301', 'ＣＡＦＥ']) {
      folders.push(basename((await store.create({ name })).path));
    }
    expect(folders).toEqual(['ete', 'ete-2', 'ete-3', 'cafe', 'cafe-2', 'cafe-3']);
    expect(await store.getAll()).toHaveLength(6);
  });

  it('of a folder is not followed out of the root', async () => {
    const { store, root } = await temporaryStore();
    await store.create({ name: 'In' });
    const outside = await temporaryFolder();
    await writeFile(join(outside, 'project.json'), '{}');
    const references = [
      '..',
      '../',
      `../${basename(outside)}`,
      outside,
      'in/../..',
      './in',
      'in/.',
      '\0',
      'in\0',
      '\ud800',
    ];
    for (const reference of references) {
      await expect(store.get(reference)).rejects.toMatchObject({ code: 'STORE_PROJECT_NOT_FOUND' });
      await expect(store.delete(reference)).rejects.toMatchObject({ code: 'STORE_PROJECT_NOT_FOUND' });
    }
    expect(await readdir(root)).toContain('in');
  });
});

/** The hidden folder of the index, where there is one by now. */
async function internals(root: string): Promise<string[]> {
  return (await readdir(root)).filter((name) => name === '.ai-toolkit');
}
