import { existsSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProjectStore, type ProjectStore } from '../src/index.js';
import { temporaryFolder, temporaryStore } from './temporary.js';

describe('a project.json that was edited', () => {
  it('may begin with the mark of an editor, and have ends of lines as on Windows', async () => {
    const { store } = await temporaryStore();
    const { id, path } = await store.create({ name: 'Tide Clock' });
    const file = join(path, 'project.json');
    await writeFile(file, `\uFEFF${(await readFile(file, 'utf8')).replaceAll('\n', '\r\n')}`);
    expect(await store.get(id)).toMatchObject({ name: 'Tide Clock' });
    expect(await store.update(id, { description: 'Shows the tide.' })).toMatchObject({ version: 2 });
    expect(await store.getAll()).toMatchObject([{ kind: 'project', id }]);
  });

  it('is told in one line when it is none any more', async () => {
    const { store } = await temporaryStore();
    const { path } = await store.create({ name: 'Tide Clock' });
    await writeFile(join(path, 'project.json'), '{\n  "schemaVersion": x\n}\n');
    await expect(store.get('tide-clock')).rejects.toMatchObject({
      message: expect.stringMatching(/^.*JSON.*$/),
    });
  });
});

describe('create', () => {
  it('makes a folder that a person can read', async () => {
    const { store, root } = await temporaryStore();
    const project = await store.create({
      name: 'Tide Clock',
      description: 'Shows the tide.',
      tags: ['home', 'home'],
    });
    expect(project).toMatchObject({
      name: 'Tide Clock',
      tags: ['home'],
      version: 1,
      path: join(root, 'tide-clock'),
    });
    expect((await readdir(project.path)).sort()).toEqual([
      '.ai-toolkit',
      'idea.md',
      'project.json',
      'stages',
    ]);
    expect(await readFile(join(project.path, 'idea.md'), 'utf8')).toBe('Shows the tide.\n');
    const file = JSON.parse(await readFile(join(project.path, 'project.json'), 'utf8'));
    expect(file).toMatchObject({ schemaVersion: 1, id: project.id, createdAt: '2026-01-01T00:00:01.000Z' });
    expect(await readFile(join(project.path, '.ai-toolkit', '.gitignore'), 'utf8')).toBe('*\n');
  });

  it('numbers a name that is taken and overwrites nothing', async () => {
    const { store, root } = await temporaryStore();
    await mkdir(join(root, 'Tide-Clock'));
    await writeFile(join(root, 'tide-clock-2'), 'mine');
    const made = await Promise.all(Array.from({ length: 8 }, () => store.create({ name: 'Tide Clock' })));
    const names = made.map(({ path }) => path.slice(root.length + 1)).sort();
    expect(names).toEqual([3, 4, 5, 6, 7, 8, 9, 10].map((n) => `tide-clock-${n}`).sort());
    expect(new Set(made.map(({ id }) => id)).size).toBe(8);
    expect(await readFile(join(root, 'tide-clock-2'), 'utf8')).toBe('mine');
    expect((await readdir(root)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it.each([
    ['', /needs a name/],
    [' \t ', /needs a name/],
    ['a\nb', /control characters/],
    ['x'.repeat(300), /at most 200 characters; this one has 300/],
  ])('refuses the name %j', async (name, message) => {
    const { store, root } = await temporaryStore();
    await expect(store.create({ name })).rejects.toMatchObject({
      code: 'STORE_NAME_INVALID',
      message: expect.stringMatching(message),
    });
    expect(await readdir(root)).toEqual([]);
  });

  it.each(['../x', 'CON', '🚀', 'dots...', '/etc/passwd', '..'])('keeps %j inside the root', async (name) => {
    const { store, root } = await temporaryStore();
    const project = await store.create({ name });
    expect(project.name).toBe(name);
    expect(project.path.slice(0, root.length + 1)).toBe(`${root}/`);
    expect((await store.get(project.id)).name).toBe(name);
  });

  it('makes a project elsewhere when asked, and remembers it', async () => {
    const { store, root } = await temporaryStore();
    const elsewhere = await temporaryFolder();
    const project = await store.create({ name: 'Far', path: elsewhere });
    expect(project.path).toBe(join(elsewhere, 'far'));
    const other = createProjectStore({ root });
    expect(await other.get(project.id)).toEqual(project);
    expect(await other.getAll()).toMatchObject([{ kind: 'project', id: project.id }]);
  });
});

describe('get', () => {
  it('takes the id, its beginning, and the name of the folder', async () => {
    const { store } = await temporaryStore();
    const project = await store.create({ name: 'Tide Clock' });
    await store.create({ name: 'Rain Gauge' });
    for (const reference of [project.id, project.id.toUpperCase(), 'tide', 'tide-clock', ` ${project.id} `]) {
      expect(await store.get(reference)).toEqual(project);
    }
  });

  it('finds the id of a long name, and of a name that looks like an id', async () => {
    const { store } = await temporaryStore();
    for (const name of [
      'A clock that shows the tide at every harbour of the coast',
      'Tide clocks',
      'Tide clocks 77',
      '潮汐時計',
    ]) {
      const project = await store.create({ name });
      await store.close();
      expect(await store.get(project.id)).toEqual(project);
      await store.close();
      expect(await store.get(project.path.slice(project.path.lastIndexOf('/') + 1))).toEqual(project);
    }
  });

  it('does not take a folder that is none of ours for a project', async () => {
    const { store, root } = await temporaryStore();
    await mkdir(join(root, 'notes'));
    const project = await store.create({ name: 'Notes' });
    expect(project.path).toBe(join(root, 'notes-2'));
    expect(await store.get('Notes')).toEqual(project);
    await mkdir(join(root, 'other'));
    await expect(store.get('other')).rejects.toMatchObject({ code: 'STORE_PROJECT_NOT_FOUND' });
  });

  it('says what it does not know', async () => {
    const { store } = await temporaryStore();
    for (const reference of ['nothing', '', '../etc', '.']) {
      await expect(store.get(reference)).rejects.toMatchObject({ code: 'STORE_PROJECT_NOT_FOUND' });
    }
  });

  it('does not guess between two', async () => {
    const { store } = await temporaryStore();
    await store.create({ name: 'Clock one' });
    await store.create({ name: 'Clock two' });
    await expect(store.get('clock')).rejects.toMatchObject({ code: 'STORE_PROJECT_AMBIGUOUS' });
  });

  it('follows a folder that was renamed, and loses one that was deleted', async () => {
    const { store, root } = await temporaryStore();
    const project = await store.create({ name: 'Tide Clock' });
    await rename(project.path, join(root, 'renamed'));
    expect((await store.get(project.id)).path).toBe(join(root, 'renamed'));
    await rm(join(root, 'renamed'), { recursive: true });
    await expect(store.get(project.id)).rejects.toMatchObject({ code: 'STORE_PROJECT_NOT_FOUND' });
  });
});

describe('getAll', () => {
  it('is empty before the first project', async () => {
    const { store, root } = await temporaryStore();
    expect(await store.getAll()).toEqual([]);
    expect(await createProjectStore({ root: join(root, 'not', 'there') }).getAll()).toEqual([]);
  });

  it('puts the newest change first and shows damaged ones', async () => {
    const { store, root } = await temporaryStore();
    const first = await store.create({ name: 'First' });
    const second = await store.create({ name: 'Second' });
    const broken = await store.create({ name: 'Broken' });
    await writeFile(join(broken.path, 'project.json'), '{"schemaVersion": 1, "id":');
    const headless = await store.create({ name: 'Headless' });
    await rm(join(headless.path, 'project.json'));
    await mkdir(join(root, 'something-else'));
    await store.update(first.id, { description: 'newer' });
    expect(await store.getAll()).toMatchObject([
      { kind: 'project', id: first.id, description: 'newer', stagesDone: 0 },
      { kind: 'project', id: second.id },
      { kind: 'damaged', path: broken.path, reason: expect.stringContaining('not valid JSON') },
      { kind: 'damaged', path: headless.path, reason: 'it has no project.json' },
    ]);
    await expect(store.get('broken')).rejects.toMatchObject({ code: 'STORE_PROJECT_DAMAGED' });
    await expect(store.get('headless')).rejects.toMatchObject({ code: 'STORE_PROJECT_DAMAGED' });
    const other = createProjectStore({ root });
    for (const [{ id, path }, reference] of [
      [broken, broken.id],
      [headless, headless.id.toUpperCase()],
    ] as const) {
      const failure = { code: 'STORE_PROJECT_DAMAGED', message: expect.stringContaining(path) };
      await expect(other.get(reference), id).rejects.toMatchObject(failure);
    }
    await expect(store.get('brok-aaaaaa')).rejects.toMatchObject({ code: 'STORE_PROJECT_NOT_FOUND' });
  });

  it('sees edits, renames, additions and deletions from outside', async () => {
    const { store, root } = await temporaryStore();
    const project = await store.create({ name: 'Tide Clock' });
    await store.getAll();
    const file = join(project.path, 'project.json');
    await writeFile(file, (await readFile(file, 'utf8')).replace('Tide Clock', 'Rain Clock'));
    expect(await store.getAll()).toMatchObject([{ name: 'Rain Clock' }]);
    await rename(project.path, join(root, 'moved'));
    expect(await store.getAll()).toMatchObject([{ path: join(root, 'moved') }]);
    const other = await createProjectStore({ root }).create({ name: 'Other' });
    expect((await store.getAll()).map(({ path }) => path).sort()).toEqual([join(root, 'moved'), other.path]);
    await rm(join(root, 'moved'), { recursive: true });
    expect(await store.getAll()).toMatchObject([{ id: other.id }]);
  });
});

describe('update', () => {
  it('changes what is named, bumps the version and keeps what it does not know', async () => {
    const { store } = await temporaryStore();
    const project = await store.create({ name: 'Tide Clock', tags: ['a'] });
    const file = join(project.path, 'project.json');
    await writeFile(
      file,
      (await readFile(file, 'utf8')).replace('"schemaVersion"', '"note": "mine", "schemaVersion"'),
    );
    const updated = await store.update(project.id, { description: 'More.' });
    expect(updated).toEqual({ ...project, description: 'More.', version: 2, updatedAt: updated.updatedAt });
    expect(updated.updatedAt).toBeGreaterThan(project.updatedAt);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ note: 'mine' });
  });

  it('refuses a change made for another version', async () => {
    const { store } = await temporaryStore();
    const { id } = await store.create({ name: 'Tide Clock' });
    await store.update(id, { name: 'Rain Clock' }, { expectedVersion: 1 });
    const late = store.update(id, { name: 'Sun Clock' }, { expectedVersion: 1 });
    await expect(late).rejects.toMatchObject({ code: 'STORE_CONFLICT', hint: expect.any(String) });
    expect((await store.get(id)).name).toBe('Rain Clock');
  });

  it.each<[string, (store: ProjectStore, id: string) => Promise<unknown>]>([
    ['update', (store, id) => store.update(id, { description: 'too late' })],
    ['writeIdea', (store, id) => store.writeIdea(id, 'too late')],
    ['writeStage', (store, id) => store.writeStage(id, { number: 1, slug: 'plan' }, 'too late')],
    ['delete', (store, id) => store.delete(id)],
  ])('writes nothing (%s) once another process has the lock', async (_name, work) => {
    const root = await temporaryFolder();
    let isLost = false;
    const lock = join(root, 'tide-clock/.ai-toolkit/project.lock');
    const clock = (): number => {
      // As if this process had been suspended here until a process elsewhere took its lock.
      if (isLost && existsSync(lock)) writeFileSync(lock, 'of another process');
      return 0;
    };
    const store = createProjectStore({ root, clock });
    const { id, path } = await store.create({ name: 'Tide Clock' });
    await store.writeStage(id, { number: 1, slug: 'plan' }, 'one');
    const [before, idea] = [await readFile(join(path, 'project.json'), 'utf8'), await store.readIdea(id)];
    isLost = true;
    await expect(work(store, id)).rejects.toMatchObject({
      code: 'STORE_LOCK_LOST',
      message: expect.stringContaining(`Project ${id} was taken over`),
    });
    expect(await readFile(join(path, 'project.json'), 'utf8')).toBe(before);
    expect(await store.readIdea(id)).toBe(idea);
    expect(await readFile(join(path, 'stages/1-plan.md'), 'utf8')).toBe('one');
  });

  it('loses none of many at once', async () => {
    const { store, root } = await temporaryStore();
    const { id } = await store.create({ name: 'Tide Clock' });
    const other = createProjectStore({ root });
    await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? store : other).update(id, { description: `${n}` })),
    );
    expect((await store.get(id)).version).toBe(41);
  });
});

describe('delete', () => {
  it('moves the project to the trash, whole', async () => {
    const { store, root } = await temporaryStore();
    const project = await store.create({ name: 'Tide Clock' });
    const { trashPath } = await store.delete(project.id);
    expect(trashPath).toMatch(new RegExp(`^${root}/\\.trash/tide-clock-2026-01-01-`, 'u'));
    expect(await readdir(trashPath ?? '')).toContain('project.json');
    expect(await store.getAll()).toEqual([]);
    expect((await store.create({ name: 'Tide Clock' })).path).toBe(project.path);
  });

  it('deletes for good when asked, also elsewhere', async () => {
    const { store, root } = await temporaryStore();
    const elsewhere = await temporaryFolder();
    const project = await store.create({ name: 'Far', path: elsewhere });
    expect(await store.delete(project.id, { permanent: true })).toEqual({});
    expect(await readdir(elsewhere)).toEqual([]);
    expect(await readdir(join(root, '.trash'))).toEqual([]);
    expect(JSON.parse(await readFile(join(root, '.registered.json'), 'utf8'))).toMatchObject({ folders: [] });
  });
});

describe('registerFolder', () => {
  it('remembers a project from elsewhere once, and forgets one that is gone', async () => {
    const { store, root } = await temporaryStore();
    const other = await temporaryStore();
    const project = await other.store.create({ name: 'Far' });
    await store.registerFolder(project.path);
    await store.registerFolder(`${project.path}/`);
    expect(await store.getAll()).toMatchObject([{ id: project.id, path: project.path }]);
    expect(JSON.parse(await readFile(join(root, '.registered.json'), 'utf8'))).toEqual({
      schemaVersion: 1,
      folders: [project.path],
    });
    await rm(project.path, { recursive: true });
    expect(await store.getAll()).toEqual([]);
  });

  it('knows its own root by any name', async () => {
    const { store, root } = await temporaryStore();
    const alias = join(await temporaryFolder(), 'alias');
    await symlink(root, alias);
    const project = await store.create({ name: 'One', path: alias });
    const other = await createProjectStore({ root: alias }).create({ name: 'Two', path: root });
    await createProjectStore({ root: alias }).registerFolder(project.path);
    for (const one of [store, createProjectStore({ root: alias })]) {
      expect((await one.getAll()).map((entry) => entry.kind === 'project' && entry.id).sort()).toEqual(
        [project.id, other.id].sort(),
      );
    }
  });

  it('refuses what is not a project', async () => {
    const { store, root } = await temporaryStore();
    await expect(store.registerFolder(root)).rejects.toMatchObject({ code: 'STORE_PROJECT_NOT_FOUND' });
  });
});

describe('close', () => {
  it('may be called twice and does not end the usefulness of the folder', async () => {
    const { root } = await temporaryStore();
    await using store = createProjectStore({ root });
    await store.create({ name: 'Tide Clock' });
    await store.close();
    await store.close();
    expect(await store.getAll()).toHaveLength(1);
  });
});

describe('options', () => {
  it('names the one that is wrong', () => {
    expect(() => createProjectStore({ root: '' })).toThrow(/root must be the path of a folder/);
    expect(() => createProjectStore({ root: '/tmp', lockWaitMs: -1 })).toThrow(/lockWaitMs .* received -1/);
  });

  it('of a call are checked as well', async () => {
    const { store } = await temporaryStore();
    for (const path of ['', 'a\0b']) {
      const refused = { name: 'TypeError', message: expect.stringContaining('path must be the path of') };
      await expect(store.create({ name: 'Tide Clock', path })).rejects.toMatchObject(refused);
      await expect(store.registerFolder(path)).rejects.toMatchObject(refused);
    }
    expect(await store.getAll()).toEqual([]);
  });
});
