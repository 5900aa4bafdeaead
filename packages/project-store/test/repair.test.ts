import { mkdir, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProjectStore, type RepairOptions } from '../src/index.js';
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
    const found = {
      orphans: orphans.toSorted(),
      unfinished: [path],
      damaged,
      quarantined: [],
      movable: damaged,
    };
    expect(await store.repair({ dryRun: true })).toEqual(found);
    expect(await readdir(orphans[0] ?? '')).toEqual([]);
    expect(await store.repair()).toEqual({ ...found, indexed: 1 });
    expect((await store.get(id)).stages['1']).toMatchObject({ revision: 2 });
    expect(await store.readStage(id, plan)).toMatchObject({ text: 'two', edited: false });
    for (const file of left) expect(await readFile(file, 'utf8')).toBe('at work');
    expect(await store.repair()).toEqual({ ...found, orphans: [], unfinished: [], indexed: 1 });
  });

  it('removes nothing that is only named alike, also beside a project elsewhere', async () => {
    const [root, elsewhere] = [await temporaryFolder(), await temporaryFolder()];
    const store = createProjectStore({ root });
    const { path } = await store.create({ name: 'Near' });
    await store.create({ name: 'Far', path: elsewhere });
    const names = [
      '.old-projects-2024',
      '.new-features-ideas',
      '.old-0123abcd-backup',
      '.old-0123abcd-00000000-01-1',
      'report.december-2024.tmp',
      'notes.0123abcd-00000000-1-1.tmp',
      'poetry.lock.dead-2024',
      'project.lock.dead-code',
    ];
    const files = [root, elsewhere, path].flatMap((folder) => names.map((name) => join(folder, name)));
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const file of files) {
      await writeFile(file, 'mine');
      await utimes(file, longAgo, longAgo);
    }
    expect((await store.repair()).orphans).toEqual([]);
    for (const file of files) expect(await readFile(file, 'utf8')).toBe('mine');
  });

  it('has nothing to do where nothing is', async () => {
    const store = createProjectStore({ root: join(await temporaryFolder(), 'none') });
    expect(await store.repair()).toEqual({
      orphans: [],
      unfinished: [],
      damaged: [],
      quarantined: [],
      movable: [],
      indexed: 0,
    });
  });

  it('moves aside what is damaged when asked, whole, and nothing that is only of another kind', async () => {
    const root = await temporaryFolder();
    const store = createProjectStore({ root });
    const paths: Record<string, string> = {};
    for (const name of ['whole', 'garbled', 'headless', 'older', 'newer']) {
      paths[name] = (await store.create({ name, idea: `idea of ${name}` })).path;
    }
    const far = (await store.create({ name: 'far', path: await temporaryFolder() })).path;
    await writeFile(join(root, 'garbled', 'project.json'), '{');
    await rm(join(root, 'headless', 'project.json'));
    await writeFile(join(root, 'older', 'project.json'), '{"stages": []}');
    await writeFile(join(root, 'newer', 'project.json'), '{"schemaVersion": 99}');
    await writeFile(join(far, 'project.json'), '');
    await symlink(far, join(root, 'link'));
    const told = async (options: RepairOptions): Promise<unknown> => {
      const { damaged, quarantined, indexed } = await store.repair(options);
      return [
        damaged.map(({ path, damage }) => [basename(path), damage]),
        quarantined.map(({ path }) => path),
        indexed,
      ];
    };
    const left = [
      ['link', 'link'],
      ['newer', 'newer'],
      ['older', 'older'],
    ];
    const all = [['far', 'garbled'], ['garbled', 'garbled'], ['headless', 'missing'], ...left];
    const dry = await store.repair({ dryRun: true, quarantine: true });
    expect(dry.movable.map(({ path }) => basename(path)).sort()).toEqual(['garbled', 'headless']);
    const sorted = dry.damaged.map(({ path }) => path);
    expect(sorted.map((path) => basename(path)).sort()).toEqual(all.map(([name]) => name).sort());
    expect(await readdir(root)).not.toContain('.quarantine');

    const { quarantined } = await store.repair({ quarantine: true });
    expect(quarantined.map(({ path }) => basename(path)).sort()).toEqual(['garbled', 'headless']);
    for (const { path, movedTo } of quarantined) {
      expect(dirname(movedTo)).toBe(join(root, '.quarantine'));
      expect(await readFile(join(movedTo, 'idea.md'), 'utf8')).toBe(`idea of ${basename(path)}\n`);
    }
    expect((await readdir(root)).filter((name) => !name.startsWith('.')).sort()).toEqual([
      'link',
      'newer',
      'older',
      'whole',
    ]);
    expect(await told({ quarantine: true })).toEqual([
      expect.arrayContaining([['far', 'garbled'], ...left]),
      [],
      1,
    ]);
    expect((await store.create({ name: 'garbled' })).path).toBe(paths.garbled);
  });

  it('shows a damaged list of registered folders, and leaves it to be mended', async () => {
    const root = await temporaryFolder();
    const store = createProjectStore({ root });
    const { id } = await store.create({ name: 'In' });
    const elsewhere = await temporaryFolder();
    await store.create({ name: 'Far', path: elsewhere });
    const file = join(root, '.registered.json');
    const mended = await readFile(file, 'utf8');
    await writeFile(file, '{');
    expect(await store.getAll()).toMatchObject([
      { kind: 'project', id },
      { kind: 'damaged', damage: 'garbled', path: file },
    ]);
    expect(await store.get('in')).toMatchObject({ id });
    expect(await store.repair({ quarantine: true })).toMatchObject({
      quarantined: [],
      movable: [],
      damaged: [{ path: file }],
    });
    // Nothing is made that could not be registered.
    await expect(store.create({ name: 'Farther', path: elsewhere })).rejects.toMatchObject({
      code: 'STORE_UNREADABLE',
    });
    expect(await readdir(elsewhere)).toEqual(['far']);
    await writeFile(file, mended);
    expect(await store.getAll()).toHaveLength(2);
  });

  it('removes what was left of an index that was being written', async () => {
    const [root, cacheDir] = [await temporaryFolder(), await temporaryFolder()];
    const store = createProjectStore({ root, cacheDir });
    const mine = await processTag();
    const orphan = join(
      cacheDir,
      `.projects-0123456789abcdef.json.0123abcd-${mine.slice(0, mine.lastIndexOf('-'))}-1.tmp`,
    );
    await writeFile(orphan, 'half');
    expect((await store.repair()).orphans).toEqual([orphan]);
    expect(await readdir(cacheDir)).not.toContain(basename(orphan));
  });
});
