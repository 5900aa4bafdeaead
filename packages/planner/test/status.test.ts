import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createTemplateSource, type Planner } from '../src/index.js';
import { collect, setUp } from './setup.js';

async function states(planner: Planner, id: string): Promise<Record<number, string>> {
  const { stages } = await planner.status(id);
  return Object.fromEntries(
    stages.map(({ stage, status, why }) => [
      stage,
      why.length === 0 ? status : `${status}: ${why.join('; ')}`,
    ]),
  );
}

describe('status', () => {
  it('begins with nothing', async () => {
    const { planner, project } = await setUp();
    const { project: seen, stages } = await planner.status(project.id);
    expect(seen).toEqual(project);
    expect(stages[1]).toEqual({
      stage: 2,
      name: 'Architecture Design',
      slug: 'architecture-design',
      needs: [1],
      status: 'not-started',
      why: [],
      edited: false,
      partial: false,
      truncated: false,
    });
  });

  it('marks what depends on a document that was edited on disk, and says why', async () => {
    const { planner, project, client } = await setUp();
    await collect(planner.run(project.id, { stages: [1, 2, 3, 5] }));
    await writeFile(join(project.path, 'stages/2-architecture-design.md'), '# My own design\n');
    expect(await states(planner, project.id)).toEqual({
      1: 'done',
      2: 'done',
      3: 'stale: stage 2 (Architecture Design) was edited by hand',
      4: 'not-started',
      5: 'stale: stage 2 (Architecture Design) was edited by hand',
      6: 'not-started',
    });
    expect((await planner.status(project.id)).stages[1]).toMatchObject({ edited: true, revision: 1 });
    await collect(planner.run(project.id));
    expect(client.calls.filter(({ prompt }) => prompt.includes('# My own design'))).toHaveLength(4 - 1);
    expect(await states(planner, project.id)).toMatchObject({
      2: 'done',
      3: 'done',
      4: 'done',
      5: 'done',
      6: 'done',
    });
  });

  it('marks all that follows from a change at the root', async () => {
    const { planner, project, store } = await setUp();
    await collect(planner.run(project.id, { stages: [1, 2, 3] }));
    await store.writeIdea(project.id, 'Shows the moon as well.');
    expect(await states(planner, project.id)).toMatchObject({
      1: 'stale: the idea changed',
      2: 'stale: the idea changed; stage 1 (Initial Plan) is stale',
      3: 'stale: the idea changed; stage 1 (Initial Plan) is stale; stage 2 (Architecture Design) is stale',
    });
    await collect(planner.runStage(project.id, 1));
    expect(await states(planner, project.id)).toMatchObject({
      1: 'done',
      2: 'stale: the idea changed; stage 1 (Initial Plan) is now at revision 2, this was made from revision 1',
    });
    await store.update(project.id, { name: 'Moon Clock', description: 'x' });
    expect((await states(planner, project.id))[1]).toBe(
      "stale: the project's name changed; the project's description changed",
    );
  });

  it('marks what another model, limit or template would answer', async () => {
    const { planner, project, again, root } = await setUp({ model: 'small' });
    await collect(planner.runStage(project.id, 1));
    expect((await states(again({ model: 'big', maxTokens: 9 }), project.id))[1]).toBe(
      'stale: model is now big, it was small; maxTokens is now 9, it was default',
    );
    await writeFile(join(root, 'initial-plan.hbs'), 'Plan {{project.name}}');
    const templates = createTemplateSource({ templatesDir: root });
    expect((await states(again({ templates }), project.id))[1]).toBe('stale: the template changed');
    await writeFile(join(root, 'initial-plan.hbs'), 'Plan {{project.title}}');
    expect((await states(again({ templates }), project.id))[1]).toMatch(
      /^stale: Unknown variable project.title/u,
    );
  });

  it('knows documents that came and went by hand', async () => {
    const { planner, project, client } = await setUp();
    await writeFile(join(project.path, 'stages/1-initial-plan.md'), '# By hand\n');
    expect((await states(planner, project.id))[1]).toBe('done: its document was written by hand');
    expect((await planner.plan(project.id)).steps[0]).toMatchObject({
      action: 'skip',
      why: ['its document was written by hand'],
    });
    await collect(planner.run(project.id, { stages: [1, 2] }));
    expect(client.calls).toHaveLength(1);
    expect(client.calls[0]?.prompt).toContain('# By hand');
    await rm(join(project.path, 'stages/1-initial-plan.md'));
    await rm(join(project.path, 'stages/2-architecture-design.md'));
    expect(await states(planner, project.id)).toMatchObject({
      1: 'not-started',
      2: 'not-started: its document was deleted',
    });
  });

  it('says that a need is gone', async () => {
    const { planner, project } = await setUp();
    await collect(planner.run(project.id, { stages: [1, 2] }));
    await planner.resetStage(project.id, 1);
    expect(await states(planner, project.id)).toMatchObject({
      1: 'not-started',
      2: 'stale: stage 1 (Initial Plan) has no document any more',
    });
  });
});

describe('plan', () => {
  it('tells what a run would do', async () => {
    const { planner, project, store, client } = await setUp();
    await collect(planner.run(project.id, { stages: [1, 2, 3] }));
    await store.writeIdea(project.id, 'Another');
    const calls = client.calls.length;
    const { steps } = await planner.plan(project.id);
    expect(steps).toMatchObject([
      { stage: 1, name: 'Initial Plan', action: 'run', why: ['the idea changed'] },
      {
        stage: 2,
        name: 'Architecture Design',
        action: 'run',
        why: ['the idea changed', 'stage 1 (Initial Plan) is stale'],
      },
      { stage: 3, action: 'run' },
      { stage: 4, name: 'Progress Assessment', action: 'run', why: ['it has no document yet'] },
      { stage: 5, action: 'run' },
      { stage: 6, action: 'run' },
    ]);
    const some = await planner.plan(project.id, { stale: true });
    expect(some.steps.map(({ stage }) => stage)).toEqual([1, 2, 3]);
    expect((await planner.plan(project.id, { stages: [4] })).steps.map(({ stage }) => stage)).toEqual([4]);
    expect(client.calls).toHaveLength(calls);
    await collect(planner.run(project.id));
    for (const step of (await planner.plan(project.id)).steps) expect(step.action).toBe('skip');
  });
});

describe('totals', () => {
  it('add up what models wrote, and know no cost when one of it is unknown', async () => {
    const { planner, project, store, client, again } = await setUp({ estimateCost: () => 0.25 });
    client.answer = () => ({ usage: { inputTokens: 7, outputTokens: 9 } });
    expect((await planner.status(project.id)).totals).toEqual({
      stages: 6,
      documents: 0,
      tokens: { input: 0, output: 0 },
      costUsd: 0,
    });
    await collect(planner.run(project.id, { stages: [1, 2] }));
    await store.writeStage(project.id, { number: 6, slug: 'code-generation-and-review' }, 'By hand.');
    expect((await planner.status(project.id)).totals).toEqual({
      stages: 6,
      documents: 3,
      tokens: { input: 14, output: 18 },
      costUsd: 0.5,
    });
    await collect(again({ estimateCost: () => undefined }).runStage(project.id, 5));
    expect((await planner.status(project.id)).totals).toEqual({
      stages: 6,
      documents: 4,
      tokens: { input: 21, output: 27 },
    });
  });
});
