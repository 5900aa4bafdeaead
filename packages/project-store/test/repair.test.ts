import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProjectStore } from '../src/index.js';
import { processTag } from '../src/lock/process-tag.js';
import { temporaryFolder } from './temporary.js';

const plan = { number: 1, slug: 'initial-plan' };

describe('repair', () => {
  it('removes what nobody will finish, finishes what was begun and reports the rest', async () => {
    const root = await temporaryFolder();
    const store = createProjectStore({ root });
    const { id, path } = await store.create({ name: 'Hurt' });
    await store.writeStage(id, plan, 'one');
    const state = await readFile(join(path, 'project.json'), 'utf8');
    await store.writeStage(id, plan, 'two');
    await writeFile(join(path, 'project.json'), state);
    const broken = await store.create({ name: 'Broken' });
    await writeFile(join(broken.path, 'project.json'), '{');
    const mine = await processTag();
    // The same pid, but a process that started at another time; and one of another machine.
    const dead = `0123abcd-${mine.slice(0, mine.lastIndexOf('-'))}-1`;
    const far = '0123abcd-00000000-1-1';
    const orphans = [
      join(root, `.new-${dead}`),
      join(path, `.project.json.${dead}.tmp`),
      join(path, '.ai-toolkit', `.project.lock.${dead}.tmp`),
      join(path, 'stages', `.1-initial-plan.md.${far}.tmp`),
      join(path, 'revisions', '1-initial-plan', `.0002.md.${dead}.tmp`),
    ];
    await mkdir(orphans[0] ?? '');
    for (const orphan of orphans.slice(1)) await writeFile(orphan, 'half');
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const orphan of orphans.slice(3, 4)) await utimes(orphan, longAgo, longAgo);
    const left = [
      join(path, 'stages', `.1-initial-plan.md.0123abcd-${mine}.tmp`),
      join(path, 'stages', `.2-design.md.${far}.tmp`),
      join(path, 'notes.tmp'),
    ];
    for (const file of left) await writeFile(file, 'at work');

    const damaged = [{ kind: 'damaged', damage: 'garbled', path: broken.path, reason: expect.any(String) }];
    const found = { orphans: orphans.toSorted(), damaged, quarantined: [] };
    expect(await store.repair({ dryRun: true })).toEqual(found);
    expect(await readdir(orphans[0] ?? '')).toEqual([]);
    expect(await store.repair()).toEqual({ ...found, indexed: 1 });
    expect((await store.get(id)).stages['1']).toMatchObject({ revision: 2 });
    expect(await store.readStage(id, plan)).toMatchObject({ text: 'two', edited: false });
    for (const file of left) expect(await readFile(file, 'utf8')).toBe('at work');
    expect(await store.repair()).toEqual({ orphans: [], damaged, quarantined: [], indexed: 1 });
  });

  it('has nothing to do where nothing is', async () => {
    const store = createProjectStore({ root: join(await temporaryFolder(), 'none') });
    expect(await store.repair()).toEqual({ orphans: [], damaged: [], quarantined: [], indexed: 0 });
  });
});
