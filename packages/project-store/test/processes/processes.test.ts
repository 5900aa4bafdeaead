import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProjectStore } from '../../src/index.js';
import { temporaryStore } from '../temporary.js';
import { spawnChild, spawnLimitedChild } from './spawn-child.js';

const plan = { number: 1, slug: 'initial-plan' };

describe('several processes', () => {
  it('lose none of a thousand updates of one project, and tear none', { timeout: 120_000 }, async () => {
    const { store, root } = await temporaryStore();
    const { id, path } = await store.create({ name: 'Busy' });
    const children = Array.from({ length: 8 }, () => spawnChild(root, 'update', id, '125'));
    const done = Promise.all(children.map((child) => child.said('done')));
    let ended = false;
    const watching = done.finally(() => {
      ended = true;
    });
    // Whoever reads meanwhile finds whole files, and time only goes forward.
    let version = 1;
    while (!ended) {
      const project = await store.get(id);
      expect(project.version).toBeGreaterThanOrEqual(version);
      version = project.version;
      expect(await store.getAll()).toMatchObject([{ kind: 'project', id }]);
    }
    await watching;
    expect((await store.get(id)).version).toBe(1_001);
    expect(await readdir(join(path, '.ai-toolkit'))).toEqual(['.gitignore']);
  });

  it('see a stage that another one runs, and take over from one that was killed', {
    timeout: 30_000,
  }, async () => {
    const { store, root } = await temporaryStore();
    const { id, path } = await store.create({ name: 'Held' });
    const child = spawnChild(root, 'hold', id);
    await child.said('holding');
    await expect(store.lockStage(id, plan)).rejects.toMatchObject({ code: 'STORE_STAGE_BUSY' });
    await child.kill();
    expect(await store.stageHolder(id, plan)).toBeUndefined();
    // Many find it dead in the same moment; one alone gets it.
    const stores = Array.from({ length: 8 }, () => createProjectStore({ root }));
    const attempts = await Promise.allSettled(stores.map((other) => other.lockStage(id, plan)));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await store.readPartial(id, plan)).toBe('so far');
    expect((await readdir(join(path, '.ai-toolkit'))).sort()).toEqual(['.gitignore', 'stage-1.lock']);
  });

  it.skipIf(process.platform === 'win32')(
    'leave nothing half-written where the disk takes no more',
    async () => {
      const { store, root } = await temporaryStore();
      const { id, path } = await store.create({ name: 'Full', description: 'small' });
      await store.writeStage(id, plan, 'small');
      const before = await readFile(join(path, 'project.json'), 'utf8');
      const child = spawnLimitedChild(root, 'grow', id);
      await child.said('done');
      expect([...child.lines]).toEqual(['ready', 'STORE_UNWRITABLE EFBIG', 'done']);
      expect(await readFile(join(path, 'project.json'), 'utf8')).toBe(before);
      expect(await store.readIdea(id)).toBe('small\n');
      expect((await store.readStage(id, plan))?.text).toBe('small');
      expect((await readdir(root, { recursive: true })).filter((name) => /tmp|new-/u.test(name))).toEqual([]);
      expect(await readdir(root)).toEqual(['full']);
    },
  );

  it('finish a reset that was cut off, and leave alone what a person put there since', async () => {
    const { store } = await temporaryStore();
    const { id, path } = await store.create({ name: 'Cut' });
    await store.writeStage(id, plan, 'one');
    const file = join(path, 'project.json');
    const before = await readFile(file, 'utf8');
    const cut = before.replace('"done"', '"not-started"').replace('"revision": 1,', '');
    for (const [text, left] of [
      ['one', undefined],
      ['by hand', 'by hand'],
    ] as const) {
      await writeFile(file, cut);
      await writeFile(join(path, 'stages/1-initial-plan.md'), text);
      expect((await store.readStage(id, plan))?.text).toBe(left);
      await store.update(id, {});
      expect((await store.readStage(id, plan))?.text).toBe(left);
      expect((await store.get(id)).stages['1']).toEqual({
        slug: 'initial-plan',
        status: 'not-started',
        lastRevision: 1,
      });
    }
  });

  it('finish a commit that was cut off after its revision', async () => {
    const { store } = await temporaryStore();
    const { id, path } = await store.create({ name: 'Cut' });
    await store.writeStage(id, plan, 'one', { identity: 'a' });
    const state = await readFile(join(path, 'project.json'), 'utf8');
    await store.writeStage(id, plan, 'two', { identity: 'b' });
    // As it was between the first and the second step, then between the second and the third.
    await writeFile(join(path, 'project.json'), state);
    await writeFile(join(path, 'stages/1-initial-plan.md'), 'one');
    await store.update(id, {});
    expect(await store.readStage(id, plan)).toMatchObject({ text: 'two', revision: 2, edited: false });
    await writeFile(join(path, 'project.json'), state);
    expect(await store.readStage(id, plan)).toMatchObject({ text: 'two', revision: 2, edited: false });
    expect((await store.get(id)).stages['1']).toMatchObject({ identity: 'b', revision: 2 });
  });
});
