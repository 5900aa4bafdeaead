import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProjectStore } from '../../src/index.js';
import { settledStore } from '../settled-store.js';

const count = 1_200;

/** So many that the first list leaves to later what only later lists gain from. */
async function manyProjects(): Promise<string> {
  const { store, root } = await settledStore(['model']);
  const model = await readFile(join(root, 'model', 'project.json'), 'utf8');
  const { id } = await store.get('model');
  for (let n = 1; n < count; n += 1) {
    await mkdir(join(root, `p${n}`));
    await writeFile(
      join(root, `p${n}`, 'project.json'),
      model.replace(id, `p${n}-000000`).replace('model"', `p${n}"`),
    );
  }
  return root;
}

describe('a list of many projects', () => {
  it('is right at every call, and soon relies on what the system reports', { timeout: 30_000 }, async () => {
    const root = await manyProjects();
    const store = createProjectStore({ root });
    const names = async (): Promise<string[]> =>
      (await store.getAll()).map((one) => (one.kind === 'project' ? one.name : '!'));
    expect(await names()).toHaveLength(count);
    expect(store.listState().reported).toBe(false);
    await writeFile(join(root, 'p1', 'project.json'), '{');
    await rm(join(root, 'p2'), { recursive: true });
    await rename(join(root, 'p3'), join(root, 'moved'));
    await store.update('model', { name: 'new' });
    const second = await names();
    expect(second).toHaveLength(count - 1);
    expect(second[0]).toBe('new');
    expect(second.at(-1)).toBe('!');
    expect(store.listState().reported).toBe(true);
    await store.update('p4', { name: 'newer' });
    expect((await names())[0]).toBe('newer');
    await store.close();
    expect(store.listState()).toMatchObject({ reported: false, index: { status: 'good' } });
    const repairing = createProjectStore({ root });
    expect((await repairing.repair()).indexed).toBe(count - 2);
    await repairing.close();
  });

  it('has its index written by the time that the store is closed', { timeout: 30_000 }, async () => {
    const root = await manyProjects();
    const store = createProjectStore({ root });
    await store.getAll();
    await store.close();
    expect(store.listState().index.status).toBe('good');
    const text = await readFile(store.listState().index.file, 'utf8');
    expect(text).toContain('"p1"');
  });
});
