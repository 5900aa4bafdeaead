import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect, setUp } from '../setup.js';

describe('edit', () => {
  it('makes the new text a revision, and what follows from it stale', async () => {
    const { planner, project } = await setUp();
    await collect(planner.run(project.id, { stages: [1, 2] }));
    const revision = await planner.edit(project.id, 1, async ({ name, slug, text }) => {
      expect([name, slug]).toEqual(['Initial Plan', 'initial-plan']);
      return `${text}\nWith a motor.\n`;
    });
    expect(revision).toBe(2);
    const { stages } = await planner.status(project.id);
    expect(stages.slice(0, 2).map(({ status }) => status)).toEqual(['done', 'stale']);
    const history = await planner.history(project.id, 1);
    expect(history.map(({ origin, current }) => [origin, current])).toEqual([
      ['run', false],
      ['edit', true],
    ]);
    expect(await planner.edit(project.id, 1, async ({ text }) => text)).toBeUndefined();
    expect(await planner.history(project.id, 1)).toHaveLength(2);
  });

  it('refuses what has no document, an empty text, and to overwrite what somebody changed meanwhile', async () => {
    const { planner, project } = await setUp();
    await expect(planner.edit(project.id, 1, async () => 'text')).rejects.toMatchObject({
      code: 'PLAN_DEPENDENCY_UNMET',
      stages: [1],
    });
    await collect(planner.runStage(project.id, 1));
    await expect(planner.edit(project.id, 1, async () => ' \n')).rejects.toThrow(TypeError);
    const path = join(project.path, 'stages/1-initial-plan.md');
    const edit = planner.edit(project.id, 1, async () => {
      await writeFile(path, 'theirs');
      return 'mine';
    });
    await expect(edit).rejects.toMatchObject({ code: 'PLAN_DOCUMENT_CHANGED' });
    expect((await planner.document(project.id, 1))?.text).toBe('theirs');
  });
});

describe('writeDocument', () => {
  it('refuses an empty text, as edit does', async () => {
    const { planner, project } = await setUp();
    for (const text of ['', ' \n']) {
      await expect(planner.writeDocument(project.id, 1, text)).rejects.toThrow(TypeError);
    }
    expect((await planner.status(project.id)).stages[0]).toMatchObject({ status: 'not-started' });
  });
});

describe('revert', () => {
  it('brings back what was there, also a text by hand, and keeps the other in the history', async () => {
    const { planner, project, store } = await setUp();
    expect(await planner.document(project.id, 1)).toBeUndefined();
    await collect(planner.runStage(project.id, 1));
    await planner.revert(project.id, 1, undefined);
    expect((await planner.status(project.id)).stages[0]).toMatchObject({ status: 'not-started' });

    await collect(planner.runStage(project.id, 1));
    await writeFile(join(project.path, 'stages/1-initial-plan.md'), 'By hand.\n');
    const before = await planner.document(project.id, 1);
    await collect(planner.runStage(project.id, 1, { force: true, variables: { tone: 'warm' } }));
    await planner.revert(project.id, 1, before);
    expect((await planner.document(project.id, 1))?.text).toBe('By hand.\n');
    const origins = (await planner.history(project.id, 1)).map(({ origin }) => origin);
    expect(origins).toEqual(['run', 'run', 'edit', 'run', 'restore']);
    // Nothing to do is done by doing nothing.
    await planner.revert(project.id, 1, before);
    expect(await planner.history(project.id, 1)).toHaveLength(5);
    // It is still based on the run before the edit.
    expect((await planner.status(project.id)).stages[0]?.status).toBe('done');
    await store.writeIdea(project.id, 'Another idea.\n');
    expect((await planner.status(project.id)).stages[0]?.status).toBe('stale');
  });
});
