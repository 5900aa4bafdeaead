import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createProjectStore } from '../src/index.js';
import { temporaryFolder, temporaryStore } from './temporary.js';

const plan = { number: 1, slug: 'initial-plan' };

describe('symbolic links', () => {
  it('out of the root are shown and not followed', async () => {
    const { store, root } = await temporaryStore();
    const far = await (await temporaryStore()).store.create({ name: 'Far' });
    await symlink(far.path, join(root, 'near'));
    await symlink(join(root, 'nowhere'), join(root, 'dangling'));
    expect(await store.getAll()).toMatchObject([
      { kind: 'damaged', path: join(root, 'dangling'), reason: expect.stringContaining('nowhere') },
      { kind: 'damaged', path: join(root, 'near'), reason: expect.stringContaining('leads out') },
    ]);
    await expect(store.get(far.id)).rejects.toMatchObject({ code: 'STORE_PROJECT_NOT_FOUND' });
    await expect(store.get('near')).rejects.toMatchObject({ code: 'STORE_OUTSIDE_ROOT' });
  });

  it('to a project within the root are followed, but not deleted', async () => {
    const { store, root } = await temporaryStore();
    const { id, path } = await store.create({ name: 'Tide Clock' });
    await mkdir(join(root, '.kept'));
    await rename(path, join(root, '.kept/tide-clock'));
    await symlink('.kept/tide-clock', path);
    await store.update(id, { tags: ['a'] });
    for (const permanent of [false, true]) {
      await expect(store.delete(id, { permanent })).rejects.toMatchObject({ code: 'STORE_OUTSIDE_ROOT' });
    }
    expect(await store.get(id)).toMatchObject({ path, version: 2 });
    expect(await readdir(join(path, '.ai-toolkit'))).toEqual(['.gitignore']);
  });

  it('inside a project are neither read nor written through', async () => {
    const { store } = await temporaryStore();
    const outside = await temporaryFolder();
    await writeFile(join(outside, 'secret'), 'secret');
    const project = await store.create({ name: 'Trap' });
    await rm(join(project.path, 'idea.md'));
    await symlink(join(outside, 'secret'), join(project.path, 'idea.md'));
    await expect(store.readIdea(project.id)).rejects.toMatchObject({ code: 'STORE_OUTSIDE_ROOT' });
    await rm(join(project.path, 'stages'), { recursive: true });
    await symlink(outside, join(project.path, 'stages'));
    await expect(store.writeStage(project.id, plan, 'x')).rejects.toMatchObject({
      code: 'STORE_OUTSIDE_ROOT',
    });
    await expect(store.readStage(project.id, plan)).rejects.toMatchObject({ code: 'STORE_OUTSIDE_ROOT' });
    expect(await readdir(outside)).toEqual(['secret']);
  });
});

describe('a place that cannot be written', () => {
  it('is named, with what to do', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'file'), '');
    const store = createProjectStore({ root: join(folder, 'file') });
    await expect(store.create({ name: 'X' })).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      hint: expect.stringMatching(/choose another projects folder/i),
    });
    await expect(store.getAll()).rejects.toMatchObject({ code: 'STORE_UNREADABLE' });
  });

  it('is told, whatever the system says of it', async () => {
    const { store, root } = await temporaryStore();
    const { id, path } = await store.create({ name: 'Odd' });
    await rm(join(path, 'idea.md'));
    await mkdir(join(path, 'idea.md'));
    await expect(store.writeIdea(id, 'text')).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringContaining('EISDIR'),
      hint: expect.stringContaining('A folder stands where a file is needed'),
    });
    const long = join(root, 'x'.repeat(300));
    await expect(store.create({ name: 'Far', path: long })).rejects.toMatchObject({
      code: 'STORE_UNWRITABLE',
      message: expect.stringContaining('ENAMETOOLONG'),
    });
    await rm(join(path, 'revisions'), { recursive: true, force: true });
    await mkdir(join(path, 'revisions'));
    await symlink('1-initial-plan', join(path, 'revisions/1-initial-plan'));
    await expect(store.listRevisions(id, plan)).rejects.toMatchObject({ code: 'STORE_OUTSIDE_ROOT' });
  });

  it.runIf(process.platform === 'linux')('is refused by the system itself', async () => {
    const store = createProjectStore({ root: '/proc/self/projects' });
    await expect(store.create({ name: 'X' })).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' });
  });
});

describe('a damaged project', () => {
  it.each([
    ['[]', 'not an object'],
    ['{"schemaVersion": 99}', 'newer version'],
    ['{"stages": []}', 'older layout'],
    ['{"schemaVersion": 1, "tags": [], "stages": {}}', 'id is missing'],
    ['{"schemaVersion": 1, "tags": [1], "stages": {}}', 'tags is not a list of strings'],
    [
      '{"schemaVersion": 1, "id": "a", "tags": [], "stages": {"1": {"slug": "x", "status": "odd"}}}',
      'unknown status',
    ],
    ['{"schemaVersion": 1, "id": "a", "tags": [], "stages": {"one": {}}}', 'no number of a stage'],
    ['{"schemaVersion": 1, "id": "a", "tags": [], "stages": {"__proto__": {}}}', 'no number of a stage'],
    ['', 'not valid JSON'],
  ])('%s is described and never written over', async (text, reason) => {
    const { store } = await temporaryStore();
    const project = await store.create({ name: 'Hurt' });
    const file = join(project.path, 'project.json');
    await writeFile(file, text);
    await expect(store.update('hurt', { name: 'New' })).rejects.toMatchObject({
      code: 'STORE_PROJECT_DAMAGED',
      message: expect.stringContaining(reason),
    });
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('that was copied is named by its folder', async () => {
    const { store, root } = await temporaryStore();
    const { id } = await store.create({ name: 'Twin' });
    await mkdir(join(root, 'twin-2'));
    const text = await readFile(join(root, 'twin', 'project.json'), 'utf8');
    await writeFile(join(root, 'twin-2', 'project.json'), text);
    await store.close();
    await expect(store.get(id)).rejects.toMatchObject({
      code: 'STORE_PROJECT_AMBIGUOUS',
      message: expect.stringContaining('twin, twin-2'),
    });
    expect((await store.get('twin-2')).path).toBe(join(root, 'twin-2'));
  });
});
