import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProjectStore } from '../src/index.js';
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
    const orphans = [
      join(root, '.new-0123abcd'),
      join(path, '.project.json.0123abcd.tmp'),
      join(path, '.ai-toolkit', 'project.lock.0123abcd.tmp'),
      join(path, 'stages', '.1-initial-plan.md.0123abcd.tmp'),
      join(path, 'revisions', '1-initial-plan', '.0002.md.0123abcd.tmp'),
    ];
    await mkdir(orphans[0] ?? '');
    for (const orphan of orphans.slice(1)) await writeFile(orphan, 'half');
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const orphan of orphans) await utimes(orphan, longAgo, longAgo);
    const young = join(path, 'stages', '.1-initial-plan.md.abcd0123.tmp');
    await writeFile(young, 'at work');
    const mine = join(path, 'notes.tmp');
    await writeFile(mine, 'mine');

    const damaged = [{ kind: 'damaged', path: broken.path, reason: expect.any(String) }];
    expect(await store.repair({ dryRun: true })).toEqual({ orphans: orphans.sort(), finished: [], damaged });
    expect(await readdir(orphans[0] ?? '')).toEqual([]);
    expect(await store.repair()).toEqual({ orphans: orphans.sort(), finished: [id], damaged });
    expect(await store.readStage(id, plan)).toMatchObject({ text: 'two', edited: false });
    expect(await readFile(young, 'utf8')).toBe('at work');
    expect(await readFile(mine, 'utf8')).toBe('mine');
    expect(await store.repair()).toEqual({ orphans: [], finished: [], damaged });
  });

  it('has nothing to do where nothing is', async () => {
    const store = createProjectStore({ root: join(await temporaryFolder(), 'none') });
    expect(await store.repair()).toEqual({ orphans: [], finished: [], damaged: [] });
  });
});
