import { describe, expect, it } from 'vitest';
import { createEventQueue } from '../../src/watch/event-queue.js';
import type { ProjectEvent } from '../../src/watch/project-event.js';

const created = (id: string): ProjectEvent => ({ kind: 'created', id, path: `/${id}` });
const deleted = (id: string): ProjectEvent => ({ kind: 'deleted', id, path: `/${id}` });
const changed = (id: string, ...stages: number[]): ProjectEvent => ({
  kind: 'changed',
  id,
  path: `/${id}`,
  parts: stages.length > 0 ? ['stages'] : ['facts'],
  stages,
});
const broken = (id: string): ProjectEvent => ({ kind: 'damaged', id, path: `/${id}`, reason: 'r' });

/** What a consumer that comes late is told. */
async function told(events: readonly ProjectEvent[], maxQueued = 10): Promise<ProjectEvent[]> {
  const queue = createEventQueue(maxQueued);
  for (const event of events) queue.push(event);
  queue.push(created('end'));
  const taken: ProjectEvent[] = [];
  for (;;) {
    const event = await queue.take();
    if (event === undefined || (event.kind === 'created' && event.id === 'end')) return taken;
    taken.push(event);
    if (event.kind === 'rescan') return taken;
  }
}

describe('the queue of a watch', () => {
  it.each<[string, ProjectEvent[], ProjectEvent[]]>([
    [
      'changes together',
      [changed('a', 2), changed('a'), changed('a', 1)],
      [{ ...changed('a', 1, 2), parts: ['facts', 'stages'] } as ProjectEvent],
    ],
    ['a change of what is new', [created('a'), changed('a')], [created('a')]],
    ['what came and went', [created('a'), changed('a'), deleted('a')], []],
    ['what changed and went', [changed('a'), deleted('a')], [deleted('a')]],
    ['what went and came', [deleted('a'), created('a')], [created('a')]],
    ['damage and its end', [broken('a'), created('a')], [created('a')]],
    ['projects apart, in order', [changed('b'), changed('a')], [changed('b'), changed('a')]],
  ])('tells %s', async (_name, events, expected) => {
    expect(await told(events)).toEqual(expected);
  });

  it('keeps no more than it may, and says so', async () => {
    expect(await told([created('a'), created('b'), created('c')], 2)).toEqual([{ kind: 'rescan' }]);
    expect(await told([{ kind: 'rescan' }, created('a')], 2)).toEqual([{ kind: 'rescan' }]);
  });

  it('wakes those that wait, in turn, and lets them go at the end', async () => {
    const queue = createEventQueue(10);
    const takers = [queue.take(), queue.take(), queue.take()];
    queue.push(created('a'));
    queue.push(created('b'));
    queue.end();
    expect(await Promise.all(takers)).toEqual([created('a'), created('b'), undefined]);
    queue.push(created('c'));
    expect(await queue.take()).toBeUndefined();
  });

  it('fails as it was told', async () => {
    const queue = createEventQueue(10);
    queue.push(created('a'));
    const reason = new Error('over');
    queue.end({ error: reason });
    queue.end();
    await expect(queue.take()).rejects.toBe(reason);
  });
});
