import { appendFileSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProjectStore, type FileProjectStore } from '../../src/index.js';
import { spawnChild } from '../processes/spawn-child.js';
import { temporaryFolder, temporaryStore } from '../temporary.js';

/** Names in a list, `!` for a damaged project. */
async function names(store: FileProjectStore): Promise<string[]> {
  const entries = await store.getAll();
  return entries.map((entry) => (entry.kind === 'project' ? entry.name : '!')).sort();
}

async function setName(path: string, name: string): Promise<void> {
  const file = join(path, 'project.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace(/"name": ".*"/u, `"name": "${name}"`));
}

describe.each([
  ['relies on what the system reports', {}],
  ['looks at every project', { listTtlMs: 0 }],
])('a list that %s', (_name, options) => {
  it('sees every change from outside, in the same process and in another', async () => {
    const { store, root } = await temporaryStore(options);
    const { path } = await store.create({ name: 'A' });
    const seen = async (expected: readonly string[]): Promise<void> => {
      expect(await names(store)).toEqual(expected);
      const child = spawnChild(root, 'list');
      await child.said('done');
      expect([...child.lines]).toContain(`names ${expected.join(' ')}`);
    };
    await seen(['A']);
    await setName(path, 'B');
    await seen(['B']);
    await rename(path, join(root, 'moved'));
    await seen(['B']);
    await setName(join(root, 'moved'), 'C');
    await seen(['C']);
    const { path: second } = await createProjectStore({ root }).create({ name: 'D' });
    await seen(['C', 'D']);
    await unlink(join(second, 'project.json'));
    await seen(['!', 'C']);
    await rm(second, { recursive: true });
    await seen(['C']);
    await rm(join(root, 'moved'), { recursive: true });
    await seen([]);
  });

  it('sees an edit of the same size in the moment after it was read', async () => {
    const { store, root } = await temporaryStore(options);
    const { path } = await store.create({ name: '0000' });
    const file = join(path, 'project.json');
    const text = await readFile(file, 'utf8');
    for (let n = 1; n < 300; n += 1) {
      const name = String(n).padStart(4, '0');
      writeFileSync(file, text.replace('"name": "0000"', `"name": "${name}"`));
      expect(await names(store)).toEqual([name]);
      // Another process would begin with the index that the last one has left.
      expect(await names(createProjectStore({ root, ...options }))).toEqual([name]);
    }
  });

  it('follows the root, a link in it, and a folder that another one replaced', async () => {
    const places = await temporaryFolder();
    const root = join(places, 'root');
    const one = createProjectStore({ root: join(places, 'one') });
    const two = createProjectStore({ root: join(places, 'two') });
    const { path } = await one.create({ name: 'One' });
    await two.create({ name: 'Two' });
    await symlink(join(places, 'one'), root);
    const store = createProjectStore({ root, ...options });
    expect(await names(store)).toEqual(['One']);
    await unlink(root);
    await symlink(join(places, 'two'), root);
    expect(await names(store)).toEqual(['Two']);
    await unlink(root);
    expect(await names(store)).toEqual([]);
    await rename(join(places, 'one'), root);
    expect(await names(store)).toEqual(['One']);

    await one.close();
    const inside = join(root, 'one');
    await symlink(inside, join(root, 'link'));
    expect(await names(store)).toEqual(['One', 'One']);
    await unlink(join(root, 'link'));
    await symlink(join(places, 'two', 'two'), join(root, 'link'));
    expect(await names(store)).toEqual(['!', 'One']);
    await unlink(join(root, 'link'));

    await rename(inside, join(root, 'old'));
    await mkdir(inside);
    expect(await names(store)).toEqual(['One']);
    await rename(join(root, 'old', 'project.json'), join(inside, 'project.json'));
    await setName(inside, 'New');
    expect(await names(store)).toEqual(['!', 'New']);
    expect(path).toContain('one');
  });

  it('sees a project elsewhere, and when it is registered by another process', async () => {
    const { store, root } = await temporaryStore(options);
    expect(await names(store)).toEqual([]);
    const far = await (await temporaryStore()).store.create({ name: 'Far' });
    await createProjectStore({ root }).registerFolder(far.path);
    expect(await names(store)).toEqual(['Far']);
    await setName(far.path, 'Farther');
    expect(await names(store)).toEqual(['Farther']);
    await rm(far.path, { recursive: true });
    expect(await names(store)).toEqual([]);
  });

  it('misses nothing when more happens at once than the system reports', async () => {
    const { store } = await temporaryStore(options);
    const busy = await store.create({ name: 'Busy' });
    const calm = await store.create({ name: 'A' });
    expect(await names(store)).toEqual(['A', 'Busy']);
    // In turns, because the system makes one report of two that are the same.
    for (let n = 0; n < 9_000; n += 1) {
      appendFileSync(join(busy.path, 'one'), 'x');
      appendFileSync(join(busy.path, 'two'), 'x');
    }
    await setName(calm.path, 'B');
    expect(await names(store)).toEqual(['B', 'Busy']);
  });
});

describe('getAll', () => {
  it('never gives a call what was found before it', async () => {
    const { store } = await temporaryStore();
    const { path } = await store.create({ name: '0' });
    for (let n = 1; n < 100; n += 1) {
      const earlier = store.getAll();
      await setName(path, String(n));
      expect(await Promise.all([names(store), names(store)])).toEqual([[String(n)], [String(n)]]);
      await earlier;
    }
  });

  it('gives each caller a list of its own', async () => {
    const { store } = await temporaryStore();
    await store.create({ name: 'A' });
    const list = await store.getAll();
    Reflect.apply(Array.prototype.pop, list, []);
    expect(await names(store)).toEqual(['A']);
  });

  it('may be forgotten at any moment', async () => {
    const { store } = await temporaryStore();
    for (const name of ['A', 'B', 'C']) await store.create({ name });
    for (let n = 0; n < 20; n += 1) {
      const list = names(store);
      await store.close();
      expect(await list).toEqual(['A', 'B', 'C']);
    }
    expect(store.listState().reported).toBe(false);
  });
});
