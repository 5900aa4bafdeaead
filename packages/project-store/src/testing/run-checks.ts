import assert from 'node:assert/strict';
import process from 'node:process';
import { type Checks, design, plan } from './conformance-case.js';
import { checkFailure, expectFailure } from './expect-failure.js';

/** Contract of partial texts and stage locks. */
export const runChecks: Checks = {
  'keeps what a stage said so far, apart from its document': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    const partial = await store.openPartial(id, plan);
    await partial.close();
    assert.equal(await store.readPartial(id, plan), undefined);
    const again = await store.openPartial(id, plan);
    for (const piece of ['So ', '', 'far \ud83d', '\ude80', ' a\0b\r\n']) {
      again.append(piece);
      // Gives a store that writes each piece separately the time to do so.
      for (let read = 0; read < 10; read += 1) await other.readPartial(id, plan);
    }
    await again.close();
    assert.equal(await other.readPartial(id, plan), 'So far 🚀 a\0b\r\n');
    assert.equal(await other.readPartial(id, design), undefined);
    assert.equal(await other.readStage(id, plan), undefined);
    assert.deepEqual(await store.listRevisions(id, plan), []);
  },
  'loses no piece of many': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    const partial = await store.openPartial(id, plan);
    const pieces = Array.from({ length: 500 }, (_, index) => `word ${index} `);
    for (const [index, piece] of pieces.entries()) {
      partial.append(piece);
      if (index % 50 === 0) await store.readPartial(id, plan);
    }
    await partial.close();
    assert.equal(await other.readPartial(id, plan), pieces.join(''));
  },
  'begins a partial text anew with the next attempt, and ends it with a document': async ({ store }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    for (const text of ['First', 'Second']) {
      const partial = await store.openPartial(id, plan);
      partial.append(text);
      await partial.close();
      assert.equal(await store.readPartial(id, plan), text);
    }
    await store.failStage(id, plan, { code: 'X', message: 'cut off' });
    assert.equal(await store.readPartial(id, plan), 'Second');
    await store.writeStage(id, plan, 'All');
    assert.equal(await store.readPartial(id, plan), undefined);
    const partial = await store.openPartial(id, plan);
    partial.append('Third');
    await partial.close();
    await store.resetStage(id, plan);
    assert.equal(await store.readPartial(id, plan), undefined);
  },
  'lets one run a stage and tells the others who it is': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    const lock = await store.lockStage(id, plan);
    for (const one of [store, other]) {
      const error = await expectFailure('STORE_STAGE_BUSY', one.lockStage(id, plan));
      assert.ok(error.retryable);
      assert.match(error.message, new RegExp(`process ${process.pid}`, 'u'));
      assert.equal((await one.stageHolder(id, plan))?.pid, process.pid);
      await expectFailure('STORE_STAGE_BUSY', one.delete(id));
      await expectFailure('STORE_STAGE_BUSY', one.delete(id, { permanent: true }));
    }
    await (await other.lockStage(id, design)).release();
    await store.writeStage(id, plan, 'text');
    await lock.release();
    await lock.release();
    assert.equal(await other.stageHolder(id, plan), undefined);
    {
      await using _again = await other.lockStage(id, plan);
      await expectFailure('STORE_STAGE_BUSY', store.lockStage(id, plan));
    }
    await store.delete(id);
  },
  'gives a free stage to one of many': async ({ store, other }) => {
    const { id } = await store.create({ name: 'Tide Clock' });
    for (let round = 0; round < 5; round += 1) {
      const attempts = await Promise.allSettled(
        [store, other, store, other, store, other].map((one) => one.lockStage(id, plan)),
      );
      const locks = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
      assert.equal(locks.length, 1);
      for (const attempt of attempts) {
        if (attempt.status === 'rejected') checkFailure('STORE_STAGE_BUSY', attempt.reason);
      }
      await locks[0]?.release();
    }
  },
  'takes a stage over from a process that died': async ({ store, other, place }) => {
    const project = await store.create({ name: 'Tide Clock' });
    const { id } = project;
    await place.lockAndDie(project, plan);
    assert.equal(await store.stageHolder(id, plan), undefined);
    const attempts = await Promise.allSettled([store, other, store].map((one) => one.lockStage(id, plan)));
    const locks = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    assert.equal(locks.length, 1);
    await store.writeStage(id, plan, 'text');
    await locks[0]?.release();
    await place.lockAndDie(project, design);
    await store.delete(id);
  },
};
