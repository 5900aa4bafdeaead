import assert from 'node:assert/strict';
import { type Checks, design, plan } from './conformance-case.js';
import { checkFailure, expectFailure } from './expect-failure.js';

/** Contract of `getAll`, `delete`, `repair` and `close`. */
export const listChecks: Checks = {
  'lists nothing where there is nothing': async ({ store }) => {
    assert.deepEqual(await store.getAll(), []);
  },
  'lists what is known of a project, the newest change first': async ({ store, other }) => {
    const first = await store.create({ name: 'First', description: 'The one.', tags: ['a'] });
    const second = await store.create({ name: 'Second' });
    await store.writeStage(first.id, plan, 'text');
    await store.failStage(first.id, design, { code: 'X', message: 'no answer' });
    const { stages, ...facts } = await store.get(first.id);
    assert.equal(Object.keys(stages).length, 2);
    const all = await other.getAll();
    assert.deepEqual(all[0], { kind: 'project', ...facts, stagesDone: 1 });
    assert.deepEqual(
      all.map((entry) => entry.kind === 'project' && entry.id),
      [first.id, second.id],
    );
  },
  'lists its own changes and those of others at once': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    for (const [index, writer] of [other, store, other].entries()) {
      await writer.update(id, { description: `${index}` });
      for (const reader of [store, other]) {
        const [entry] = await reader.getAll();
        assert.ok(entry?.kind === 'project');
        assert.deepEqual([entry.description, entry.version], [`${index}`, index + 2]);
      }
    }
    await other.delete(id);
    assert.deepEqual(await store.getAll(), []);
  },
  'lists many': async ({ store, other }) => {
    const names = Array.from({ length: 60 }, (_, index) => `Project ${index}`);
    for (const name of names) await store.create({ name });
    const listed = (await other.getAll()).map((entry) => (entry.kind === 'project' ? entry.name : 'damaged'));
    assert.deepEqual(listed, names.reverse());
  },
  'shows a damaged project and does not let it hide the others': async ({ store, other, place }) => {
    const whole = await store.create({ name: 'Whole' });
    const broken = await store.create({ name: 'Broken' });
    await store.writeStage(broken.id, plan, 'text');
    await place.damage(broken);
    for (const reader of [store, other]) {
      const [first, second, ...more] = await reader.getAll();
      assert.deepEqual(more, []);
      assert.ok(first?.kind === 'project' && first.id === whole.id);
      assert.ok(second?.kind === 'damaged' && second.path === broken.path && second.reason !== '');
    }
    const last = broken.path.slice(broken.path.search(/[^\\/]+$/u));
    await expectFailure('STORE_PROJECT_DAMAGED', store.get(last));
    await expectFailure('STORE_PROJECT_DAMAGED', store.update(last, { name: 'x' }));
    assert.deepEqual(
      (await store.repair({ dryRun: true })).damaged.map(({ path }) => path),
      [broken.path],
    );
  },
  'deletes a project, whose name is free again': async ({ store, other }) => {
    const project = await store.create({ name: 'Tide Clock' });
    const { trashPath } = await store.delete(project.id);
    assert.ok(typeof trashPath === 'string' && trashPath !== '');
    assert.deepEqual(await other.getAll(), []);
    for (const one of [store, other]) {
      await expectFailure('STORE_PROJECT_NOT_FOUND', one.get(project.id));
      await expectFailure('STORE_PROJECT_NOT_FOUND', one.update(project.id, {}));
      await expectFailure('STORE_PROJECT_NOT_FOUND', one.writeStage(project.id, plan, 'text'));
      await expectFailure('STORE_PROJECT_NOT_FOUND', one.lockStage(project.id, plan));
      await expectFailure('STORE_PROJECT_NOT_FOUND', one.delete(project.id));
    }
    const again = await store.create({ name: 'Tide Clock' });
    assert.equal(again.path, project.path);
    assert.notEqual(again.id, project.id);
    assert.notEqual((await store.delete(again.id)).trashPath, trashPath);
  },
  'deletes for good, with every text': async ({ store }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    await store.writeStage(id, plan, 'one');
    await store.writeStage(id, plan, 'two');
    const partial = await store.openPartial(id, design);
    partial.append('so far');
    await partial.close();
    assert.deepEqual(await store.delete(id, { permanent: true }), {});
    assert.deepEqual(await store.getAll(), []);
  },
  'lets one of many deletions in': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    const attempts = await Promise.allSettled([store, other, store, other].map((one) => one.delete(id)));
    assert.equal(attempts.filter(({ status }) => status === 'fulfilled').length, 1);
    for (const attempt of attempts) {
      if (attempt.status === 'rejected') checkFailure('STORE_PROJECT_NOT_FOUND', attempt.reason);
    }
  },
  'has nothing to repair where nothing broke': async ({ store }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    await store.writeStage(id, plan, 'text');
    const before = await store.get(id);
    for (const dryRun of [true, false]) {
      const { orphans, damaged } = await store.repair({ dryRun, orphanAgeMs: 0 });
      assert.deepEqual({ orphans, damaged }, { orphans: [], damaged: [] });
    }
    assert.deepEqual(await store.get(id), before);
  },
  'closes twice without complaint': async ({ store, other }) => {
    await store.create({ name: 'Tide Clock' });
    await store.close();
    await store.close();
    assert.equal((await other.getAll()).length, 1);
  },
};
