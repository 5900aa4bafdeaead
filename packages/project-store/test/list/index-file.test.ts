import { mkdir, readdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProjectStore, type FileProjectStore } from '../../src/index.js';
import { textChecksum } from '../../src/list/text-checksum.js';
import { spawnChild } from '../processes/spawn-child.js';
import { settledStore } from '../settled-store.js';
import { temporaryFolder } from '../temporary.js';

async function names(store: FileProjectStore): Promise<string[]> {
  const entries = await store.getAll();
  return entries.map((entry) => (entry.kind === 'project' ? entry.name : '!')).sort();
}

/** Changes the index as its writer would: with the right length and checksum. */
async function forge(file: string, change: (body: string) => string): Promise<void> {
  const [head = '', ...rest] = (await readFile(file, 'utf8')).split('\n');
  const body = change(rest.join('\n'));
  await writeFile(
    file,
    `${JSON.stringify({ ...JSON.parse(head), length: body.length, checksum: textChecksum(body) })}\n${body}`,
  );
}

describe('the index of the list', () => {
  it('spares the next process the reading, and is kept where git does not see it', async () => {
    const { store, root } = await settledStore(['A', 'B']);
    expect(store.listState().index.status).toBe('missing');
    await store.getAll();
    const { file, status } = store.listState().index;
    expect(status).toBe('good');
    expect(file.slice(0, root.length + 13)).toBe(`${root}/.ai-toolkit/`);
    expect(await readFile(join(root, '.ai-toolkit', '.gitignore'), 'utf8')).toBe('*\n');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await forge(file, (body) => body.replace('"A"', '"from the index"'));
    expect(await names(createProjectStore({ root }))).toEqual(['B', 'from the index']);
  });

  it('is given up for a project that is another one by now', async () => {
    const { store, root } = await settledStore(['A', 'B']);
    await store.getAll();
    await forge(store.listState().index.file, (body) =>
      body.replace('"A"', '"old"').replace('"B"', '"kept"'),
    );
    await store.update((await store.get('a')).id, { name: 'new' });
    expect(await names(createProjectStore({ root }))).toEqual(['kept', 'new']);
  });

  it('may lie in a folder that several stores share', async () => {
    const cacheDir = join(await temporaryFolder(), 'deep', 'cache');
    const one = await settledStore(['A'], { cacheDir });
    const two = await settledStore(['B'], { cacheDir });
    expect([await names(one.store), await names(two.store)]).toEqual([['A'], ['B']]);
    expect(await readdir(cacheDir)).toHaveLength(2);
    expect(await readdir(one.root)).toEqual(['a']);
  });

  it.each<[string, (file: string) => Promise<unknown>]>([
    ['cut off', (file) => truncate(file, 100)],
    ['empty', (file) => truncate(file, 0)],
    ['of one letter less', async (file) => truncate(file, (await stat(file)).size - 1)],
    [
      'with a letter changed',
      async (file) => writeFile(file, (await readFile(file, 'utf8')).replace('"A"', '"X"')),
    ],
    ['no text', (file) => writeFile(file, Buffer.alloc(5_000, 0xff))],
    [
      'of a later version',
      async (file) =>
        writeFile(file, (await readFile(file, 'utf8')).replace(/"version":\d+/u, '"version":99')),
    ],
    [
      'of another root',
      async (file) => writeFile(file, (await readFile(file, 'utf8')).replace(/"root":"/u, '"root":"/other')),
    ],
    ['of a writer with a fault', (file) => forge(file, (body) => body.replace('"A"', '7'))],
    ['no list', (file) => forge(file, () => '{"__proto__":[]}')],
    [
      'a folder',
      async (file) => {
        await rm(file);
        await mkdir(file);
      },
    ],
    [
      'a link to elsewhere',
      async (file) => {
        await rename(file, `${file}.real`);
        await symlink(`${file}.real`, file);
      },
    ],
  ])('is ignored when it is %s, and made anew where that is possible', async (_name, damage) => {
    const { store, root } = await settledStore(['A', 'B']);
    await store.getAll();
    await damage(store.listState().index.file);
    const next = createProjectStore({ root });
    expect(await names(next)).toEqual(['A', 'B']);
    expect(next.listState().index.status).toMatch(/^(?:good|unwritable)$/u);
    expect(await names(createProjectStore({ root }))).toEqual(['A', 'B']);
  });

  it('is done without where it cannot be written, which a diagnosis can see', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    const { store } = await settledStore(['A'], { cacheDir: join(folder, 'file') });
    expect(await names(store)).toEqual(['A']);
    expect(store.listState().index).toMatchObject({ status: 'unwritable', reason: 'EEXIST' });
    await store.update('a', { name: 'B' });
    expect(await names(store)).toEqual(['B']);
  });

  it('follows when nearly everything is new, and stays as it is for less', async () => {
    const { store, root } = await settledStore(Array.from({ length: 120 }, (_, n) => `P${n}`));
    await store.getAll();
    const { file } = store.listState().index;
    const first = await readFile(file, 'utf8');
    await store.update('p7', { name: 'other' });
    expect(await names(createProjectStore({ root }))).toContain('other');
    expect(await readFile(file, 'utf8')).toBe(first);
  });

  it('is whole whoever writes it, at the same time', { timeout: 30_000 }, async () => {
    const { store, root } = await settledStore(Array.from({ length: 40 }, (_, n) => `P${n}`));
    await Promise.all(
      Array.from({ length: 3 }, async () => {
        const child = spawnChild(root, 'relist', '', '20');
        await child.said('done');
      }),
    );
    const other = createProjectStore({ root });
    expect(await other.getAll()).toHaveLength(40);
    expect(other.listState().index.status).toBe('good');
    expect(await store.repair()).toMatchObject({ orphans: [], damaged: [], indexed: 40 });
  });
});
