import assert from 'node:assert/strict';
import type { ProjectEvent, ProjectWatch } from '../watch/project-event.js';
import { type Checks, design, plan } from './conformance-case.js';

type Changed = Extract<ProjectEvent, { kind: 'changed' }>;

/** Contract of `watch`. */
export const watchChecks: Checks = {
  'tells what happens to a project, whoever does it': async ({ store, other }) => {
    await using watch = store.watch();
    await watch.ready;
    for (const writer of [other, store]) {
      const { id, path } = await writer.create({ name: 'Tide Clock' });
      const [created] = await until(watch, ({ kind }) => kind === 'created');
      assert.deepEqual(created, { kind: 'created', id, path });
      await writer.update(id, { description: 'New.' });
      assert.ok((await changes(watch, id, path, 'facts')).every(({ stages }) => stages.length === 0));
      await writer.writeIdea(id, 'Another idea.\n');
      await changes(watch, id, path, 'idea');
      await writer.writeStage(id, plan, 'text');
      await writer.failStage(id, design, { code: 'X', message: 'no answer' });
      const seen = new Set<number>();
      while (seen.size < 2) {
        for (const { stages } of await changes(watch, id, path, 'stages'))
          for (const number of stages) seen.add(number);
      }
      assert.deepEqual([...seen].sort(), [plan.number, design.number]);
      await writer.delete(id);
      const gone = await until(watch, ({ kind }) => kind === 'deleted');
      assert.deepEqual(gone.at(-1), { kind: 'deleted', id, path });
    }
  },
  'tells of a project that was broken': async ({ store, other, place }) => {
    const project = await store.create({ name: 'Tide Clock' });
    await using watch = other.watch();
    await watch.ready;
    await place.damage(project);
    const event = (await until(watch, ({ kind }) => kind === 'damaged')).at(-1);
    assert.ok(event?.kind === 'damaged' && event.path === project.path && event.id === project.id);
    assert.notEqual(event.reason, '');
  },
  'tells what its own store does as soon as it was asked for': async ({ store }) => {
    const { id, path } = await store.create({ name: 'Tide Clock' });
    await using watch = store.watch();
    await store.update(id, { description: 'New.' });
    await changes(watch, id, path, 'facts');
    await store.delete(id);
    const gone = await until(watch, ({ kind }) => kind === 'deleted');
    assert.deepEqual(gone.at(-1), { kind: 'deleted', id, path });
  },
  'tells every consumer': async ({ store }) => {
    await using first = store.watch();
    await using second = store.watch();
    await Promise.all([first.ready, second.ready]);
    const { id, path } = await store.create({ name: 'Tide Clock' });
    for (const watch of [first, second]) {
      const events = await until(watch, ({ kind }) => kind === 'created');
      assert.deepEqual(events.at(-1), { kind: 'created', id, path });
    }
  },
  'ends a watch by its signal, with the reason': async ({ store }) => {
    const reason = new Error('enough');
    const ending = new AbortController();
    const watch = store.watch({ signal: ending.signal });
    await watch.ready;
    const next = watch.next();
    ending.abort(reason);
    await assert.rejects(next, (error) => error === reason);
    await assert.rejects(store.watch({ signal: ending.signal }).next(), (error) => error === reason);
    assert.throws(() => store.watch({ maxQueued: 0 }), RangeError);
  },
  'ends a watch with its loop, or with the store': async ({ store }) => {
    await store.create({ name: 'Tide Clock' });
    const left = store.watch();
    await left.ready;
    const next = left.next();
    await left.return();
    await left.return();
    assert.deepEqual(await next, { done: true, value: undefined });
    assert.deepEqual(await left.next(), { done: true, value: undefined });
    const closed = store.watch();
    const last = closed.next();
    await store.close();
    assert.deepEqual(await last, { done: true, value: undefined });
  },
};

/** Collects events up to the awaited one. */
async function until(watch: ProjectWatch, isIt: (event: ProjectEvent) => boolean): Promise<ProjectEvent[]> {
  const events: ProjectEvent[] = [];
  for (;;) {
    const { done, value } = await watch.next();
    assert.ok(done !== true, 'the watch ended by itself');
    events.push(value);
    if (isIt(value)) return events;
  }
}

/** Collects changes up to one of this part, and fails on any other event. A write may be reported in several. */
async function changes(
  watch: ProjectWatch,
  id: string,
  path: string,
  part: Changed['parts'][number],
): Promise<Changed[]> {
  const events = await until(watch, (event) => event.kind === 'changed' && event.parts.includes(part));
  return events.map((event) => {
    assert.ok(event.kind === 'changed', `unexpected ${JSON.stringify(event)}`);
    assert.deepEqual([event.id, event.path], [id, path]);
    return event;
  });
}
