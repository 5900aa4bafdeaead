import { renameSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createProjectStore,
  type ProjectEvent,
  type ProjectPart,
  type ProjectWatch,
} from '../../src/index.js';
import { createEventQueue } from '../../src/watch/event-queue.js';
import { pollFolders } from '../../src/watch/poll.js';
import { temporaryFolder, temporaryStore } from '../temporary.js';

const plan = { number: 1, slug: 'initial-plan' };

async function next(watch: ProjectWatch): Promise<ProjectEvent | undefined> {
  return (await watch.next()).value;
}

/** A change of several files may be told in parts, the last of them together with the next change. */
async function expectChange(
  watch: ProjectWatch,
  expected: {
    readonly id: string;
    readonly path: string;
    readonly part: ProjectPart;
    readonly stage?: number;
  },
): Promise<void> {
  const { id, path, part, stage } = expected;
  for (;;) {
    const event = await next(watch);
    expect(event).toMatchObject({ kind: 'changed', id });
    if (event?.kind !== 'changed' || event.path !== path || !event.parts.includes(part)) continue;
    if (stage === undefined || event.stages.includes(stage)) return;
  }
}

/** What comes after what is left to tell of changes. */
async function afterChanges(watch: ProjectWatch): Promise<ProjectEvent | undefined> {
  for (;;) {
    const event = await next(watch);
    if (event?.kind !== 'changed') return event;
  }
}

/** An edit in one step. In two, the half of it may be told. */
async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

describe('watch', () => {
  it('tells what this store does, from the moment of the call', async () => {
    const { store, root } = await temporaryStore();
    await using watch = store.watch();
    const { id, path } = await store.create({ name: 'Tide Clock' });
    expect(await next(watch)).toEqual({ kind: 'created', id, path });
    await store.update(id, { tags: ['a'] });
    await expectChange(watch, { id, path, part: 'facts' });
    await store.writeStage(id, plan, 'text');
    await expectChange(watch, { id, path, part: 'stages', stage: 1 });
    await store.writeIdea(id, 'better');
    await expectChange(watch, { id, path, part: 'idea' });
    await store.failStage(id, plan, { code: 'AI_X', message: 'no' });
    await expectChange(watch, { id, path, part: 'stages', stage: 1 });
    await store.delete(id);
    expect(await afterChanges(watch)).toEqual({ kind: 'deleted', id, path: join(root, 'tide-clock') });
  });

  it('tells what others do, by hand or in another process', async () => {
    const { store, root } = await temporaryStore();
    const { id, path } = await store.create({ name: 'Tide Clock' });
    await store.writeStage(id, plan, 'text');
    const watch = store.watch();
    await watch.ready;
    await writeFile(join(path, 'stages/1-initial-plan.md'), 'by hand');
    await expectChange(watch, { id, path, part: 'stages', stage: 1 });
    await writeFile(join(path, 'idea.md'), 'by hand');
    await expectChange(watch, { id, path, part: 'idea' });
    const moved = join(root, 'moved');
    await rename(path, moved);
    await expectChange(watch, { id, path: moved, part: 'path' });
    const file = join(moved, 'project.json');
    const text = await readFile(file, 'utf8');
    await replace(file, '{');
    expect(await afterChanges(watch)).toMatchObject({ kind: 'damaged', id, path: moved });
    await replace(file, text);
    expect(await next(watch)).toEqual({ kind: 'created', id, path: moved });
    await rename(moved, join(await temporaryFolder(), 'gone'));
    expect(await afterChanges(watch)).toEqual({ kind: 'deleted', id, path: moved });
    const other = await createProjectStore({ root }).create({ name: 'Other' });
    expect(await next(watch)).toEqual({ kind: 'created', id: other.id, path: other.path });
    await writeFile(join(other.path, 'stages/3-later.md'), 'by hand');
    expect(await next(watch)).toMatchObject({ kind: 'changed', id: other.id, stages: [3] });
    await watch.return();
  });

  it('is silent about what is not a change', async () => {
    const { store, root } = await temporaryStore();
    const { id, path } = await store.create({ name: 'Quiet' });
    await using watch = store.watch();
    await watch.ready;
    await mkdir(join(root, 'something else'));
    await mkdir(join(path, 'artifacts'));
    await writeFile(join(path, 'notes.txt'), 'mine');
    const partial = await store.openPartial(id, plan);
    partial.append('so far');
    await partial.close();
    await (await store.lockStage(id, plan)).release();
    await store.getAll();
    const { id: last } = await store.create({ name: 'Last' });
    expect(await next(watch)).toMatchObject({ kind: 'created', id: last });
  });

  it('tells of a project whose folder is called like that of the texts', async () => {
    const { store } = await temporaryStore();
    const { id, path } = await store.create({ name: 'Stages' });
    await using watch = store.watch();
    await watch.ready;
    await store.update(id, { tags: ['a'] });
    await expectChange(watch, { id, path, part: 'facts' });
    await store.writeIdea(id, 'An idea.\n');
    await expectChange(watch, { id, path, part: 'idea' });
    await store.writeStage(id, plan, 'text');
    await expectChange(watch, { id, path, part: 'stages', stage: 1 });
  });

  it('watches projects elsewhere as well', async () => {
    const { store } = await temporaryStore();
    const elsewhere = await temporaryFolder();
    await using watch = store.watch();
    const { id, path } = await store.create({ name: 'Far', path: elsewhere });
    expect(await next(watch)).toEqual({ kind: 'created', id, path });
    await writeFile(join(path, 'idea.md'), 'by hand');
    expect(await next(watch)).toMatchObject({ kind: 'changed', id, parts: ['idea'] });
    await store.delete(id);
    expect(await afterChanges(watch)).toEqual({ kind: 'deleted', id, path });
  });

  it('starts before there is anything, and again when the whole folder was replaced', async () => {
    const places = await temporaryFolder();
    const root = join(places, 'not', 'there');
    const store = createProjectStore({ root });
    await using watch = store.watch();
    const { id } = await store.create({ name: 'First' });
    expect(await next(watch)).toMatchObject({ kind: 'created', id });
    const { store: other } = await temporaryStore({ root: join(places, 'other') });
    await other.create({ name: 'Other' });
    await rename(root, join(places, 'old'));
    await rename(join(places, 'other'), root);
    expect(await next(watch)).toEqual({ kind: 'rescan' });
    const late = await store.create({ name: 'Late' });
    expect(await next(watch)).toMatchObject({ kind: 'created', id: late.id });
  });

  it('says when more has happened than it may keep, and goes on', async () => {
    const { store, root } = await temporaryStore();
    const { store: other, root: elsewhere } = await temporaryStore();
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) await other.create({ name });
    await using watch = store.watch({ maxQueued: 2 });
    await watch.ready;
    // In one go: one of them for who waits, and no time to take another in between.
    for (const name of names) renameSync(join(elsewhere, name), join(root, name));
    expect(await next(watch)).toMatchObject({ kind: 'created' });
    expect(await next(watch)).toEqual({ kind: 'rescan' });
    expect(await store.getAll()).toHaveLength(4);
    const { id, path } = await store.create({ name: 'E' });
    expect(await next(watch)).toEqual({ kind: 'created', id, path });
  });

  it('ends with the loop, the store, or the signal', async () => {
    const { store } = await temporaryStore();
    const looped = store.watch();
    await store.create({ name: 'A' });
    for await (const event of looped) {
      expect(event.kind).toBe('created');
      break;
    }
    expect(await looped.next()).toEqual({ done: true, value: undefined });

    const closed = store.watch();
    const waiting = closed.next();
    await store.close();
    expect(await waiting).toEqual({ done: true, value: undefined });

    const reason = new Error('enough');
    const controller = new AbortController();
    const aborted = store.watch({ signal: controller.signal });
    await aborted.ready;
    const late = aborted.next();
    controller.abort(reason);
    await expect(late).rejects.toBe(reason);
    const never = store.watch({ signal: controller.signal });
    await expect(never.ready).rejects.toBe(reason);
    await expect(never.next()).rejects.toBe(reason);
    await store.create({ name: 'B' });
  });

  it('names the option that is wrong', async () => {
    const { store } = await temporaryStore();
    expect(() => store.watch({ maxQueued: 0 })).toThrow(/maxQueued .* received 0/u);
    expect(() => store.watch({ pollMs: 0.5 })).toThrow(/pollMs .* received 0.5/u);
  });
});

describe('looking at everything from time to time', () => {
  it('finds the same', async () => {
    const { store, root } = await temporaryStore();
    const { id, path } = await store.create({ name: 'Tide Clock' });
    await store.writeStage(id, plan, 'text');
    const queue = createEventQueue(10);
    const ready = Promise.withResolvers<void>();
    const ending = new AbortController();
    const work = pollFolders(
      {
        root,
        registryFile: join(root, '.registered.json'),
        emit: queue.push,
        onReady: ready.resolve,
        signal: ending.signal,
      },
      5,
    );
    await ready.promise;
    const changed = { kind: 'changed', id, path };
    await replace(join(path, 'idea.md'), 'by hand');
    expect(await queue.take()).toEqual({ ...changed, parts: ['idea'], stages: [] });
    await replace(join(path, 'stages/1-initial-plan.md'), 'by hand');
    expect(await queue.take()).toEqual({ ...changed, parts: ['stages'], stages: [1] });
    await store.update(id, { tags: ['a'] });
    expect(await queue.take()).toEqual({ ...changed, parts: ['facts'], stages: [] });
    const moved = await mkdtemp(join(root, 'moved-'));
    await rename(path, moved);
    expect(await queue.take()).toEqual({ ...changed, path: moved, parts: ['path'], stages: [] });
    await rename(moved, join(await temporaryFolder(), 'gone'));
    expect(await queue.take()).toEqual({ kind: 'deleted', id, path: moved });
    ending.abort();
    await expect(work).rejects.toMatchObject({ name: 'AbortError' });
  });
});
