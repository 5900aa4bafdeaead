import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { type Checks, plan } from './conformance-case.js';
import { expectFailure } from './expect-failure.js';

/** Contract of stores where a project is a folder. */
export const folderChecks: Checks = {
  'is a folder with the document in it': async ({ store }) => {
    const { id, path } = await store.create({ name: 'Tide Clock' });
    assert.ok(isAbsolute(path));
    const document = await store.writeStage(id, plan, '# Plan\n');
    assert.equal(await readFile(document.path, 'utf8'), '# Plan\n');
  },
  'notices an edit by hand and keeps it before it is replaced': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    const { path } = await store.writeStage(id, plan, 'first', { identity: 'i' });
    await writeFile(path, 'by hand');
    const document = await other.readStage(id, plan);
    assert.deepEqual([document?.text, document?.revision, document?.edited], ['by hand', 1, true]);
    await store.writeStage(id, plan, 'second');
    const revisions = await store.listRevisions(id, plan);
    assert.deepEqual(
      revisions.map(({ origin }) => origin),
      ['run', 'edit', 'run'],
    );
    assert.equal((await store.readRevision(id, plan, 2)).text, 'by hand');
    assert.equal((await store.restoreRevision(id, plan, 2)).identity, 'i');
  },
  'remembers a project elsewhere': async ({ store, other }) => {
    const { path } = await store.create({ name: 'Near' });
    const elsewhere = join(dirname(path), 'not', 'here');
    const far = await store.create({ name: 'Far', path: elsewhere });
    assert.equal(dirname(far.path), elsewhere);
    assert.deepEqual(await other.get(far.id), far);
    assert.equal((await other.getAll()).length, 2);
    assert.deepEqual(await other.registerFolder(far.path), far);
    await other.delete(far.id);
    assert.equal((await store.getAll()).length, 1);
    await expectFailure('STORE_PROJECT_NOT_FOUND', store.registerFolder(elsewhere));
  },
};

/** Contract of stores where it is not. */
export const noFolderChecks: Checks = {
  'refuses what needs a folder': async ({ store }) => {
    await expectFailure('STORE_UNSUPPORTED', store.create({ name: 'Far', path: '/somewhere' }));
    await expectFailure('STORE_UNSUPPORTED', store.registerFolder('/somewhere'));
    assert.deepEqual(await store.getAll(), []);
  },
  'has no path that could be taken for one of a file': async ({ store }) => {
    const { id, path } = await store.create({ name: 'Tide Clock' });
    assert.ok(!isAbsolute(path));
    assert.match(path, /^[a-z]{2,}:/u);
    assert.ok((await store.writeStage(id, plan, 'text')).path.startsWith(`${path}/`));
    assert.ok((await store.delete(id)).trashPath?.match(/^[a-z]{2,}:/u));
  },
};
