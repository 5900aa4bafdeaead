import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createProjectStore } from '@ai-toolkit/project-store';
import { describe, expect, it } from 'vitest';
import { createPlanner } from '../../src/index.js';
import { untilAborted } from '../fake-client.js';
import { collect, outline, setUp } from '../setup.js';

const plan = { number: 1, slug: 'initial-plan' };

describe('runStage', () => {
  it('streams a document and keeps it', async () => {
    const { planner, project, client, store } = await setUp({
      model: 'big',
      maxTokens: 900,
      temperature: 0.2,
    });
    const { events, error } = await collect(planner.runStage(project.id, 1));
    expect(error).toBeUndefined();
    expect(events.map(({ type }) => type)).toEqual(['started', 'text', 'text', 'usage', 'done']);
    expect(events[0]).toMatchObject({
      stage: 1,
      name: 'Initial Plan',
      why: 'it has no document yet',
      model: 'big',
    });
    const text = events.flatMap((event) => (event.type === 'text' ? [event.text] : [])).join('');
    const path = join(project.path, 'stages/1-initial-plan.md');
    expect(text).toMatch(/^# Initial Plan: Tide Clock\n/u);
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      revision: 1,
      path,
      model: 'big',
      cache: 'miss',
      truncated: false,
    });
    expect(client.calls[0]?.options).toMatchObject({
      model: 'big',
      maxTokens: 900,
      temperature: 0.2,
      labels: { project: project.id, stage: '1' },
      system: expect.stringContaining('senior engineer'),
    });
    expect(await store.readPartial(project.id, plan)).toBeUndefined();
    expect((await store.get(project.id)).stages['1']).toMatchObject({
      status: 'done',
      model: 'big',
      cache: 'miss',
      identity: expect.stringMatching(/^[0-9a-f]{64}$/u),
    });
  });

  it('says nothing in the prompt that tells this project from another with the same text', async () => {
    const { planner, project, client, root } = await setUp();
    await collect(planner.run(project.id));
    expect(client.calls).toHaveLength(6);
    for (const { prompt, options } of client.calls) {
      for (const secret of [project.id, root, 'tide-clock', String(new Date().getFullYear())]) {
        expect(prompt + options.system).not.toContain(secret);
      }
    }
  });

  it('asks nobody when nothing has changed, and says so', async () => {
    const { planner, project, client, again } = await setUp();
    await collect(planner.runStage(project.id, 1));
    const { events } = await collect(again().runStage(project.id, 1));
    expect(events).toEqual([expect.objectContaining({ type: 'skipped', stage: 1, reason: 'unchanged' })]);
    expect(client.calls).toHaveLength(1);
  });

  it.each([
    ['refresh', undefined, true],
    ['bypass', undefined, true],
    ['bypass', false, false],
    ['default', undefined, false],
    ['default', true, true],
  ] as const)('with cache mode %s and force %s runs again: %s', async (cache, force, runs) => {
    const { planner, project, client } = await setUp();
    await collect(planner.runStage(project.id, 1));
    await collect(planner.runStage(project.id, 1, { cache, ...(force === undefined ? {} : { force }) }));
    expect(client.calls).toHaveLength(runs ? 2 : 1);
    if (runs) expect(client.calls[1]?.options.cache).toEqual({ mode: cache });
  });

  it('refuses a stage whose needs are unmet, naming all that must run first', async () => {
    const { planner, project, client, store } = await setUp();
    const { events, error } = await collect(planner.runStage(project.id, 6));
    expect(error).toMatchObject({
      code: 'PLAN_DEPENDENCY_UNMET',
      stages: [1, 2, 3, 5],
      hint: expect.stringContaining('1 (Initial Plan), 2 (Architecture Design)'),
    });
    expect(events).toEqual([{ type: 'failed', stage: 6, name: 'Code Generation and Review', error }]);
    expect(client.calls).toHaveLength(0);
    expect((await store.get(project.id)).stages).toEqual({});
  });

  it('keeps why it failed, and what was said until then, and tries again', async () => {
    const { planner, project, client, store } = await setUp();
    const failure = Object.assign(new Error('the provider is gone'), { code: 'AI_PROVIDER_UNREACHABLE' });
    client.between = () => {
      throw failure;
    };
    const { events, error } = await collect(planner.runStage(project.id, 1));
    expect(error).toBe(failure);
    expect(outline(events)).toEqual(['started 1', 'failed 1']);
    expect(await store.readPartial(project.id, plan)).toMatch(/^# Initial/u);
    const { stages } = await planner.status(project.id);
    expect(stages[0]).toMatchObject({
      status: 'failed',
      why: ['AI_PROVIDER_UNREACHABLE: the provider is gone'],
      partial: true,
      error: { code: 'AI_PROVIDER_UNREACHABLE' },
    });
    client.between = () => undefined;
    expect(outline((await collect(planner.runStage(project.id, 1))).events)).toEqual(['started 1', 'done 1']);
    expect((await planner.status(project.id)).stages[0]).toMatchObject({ status: 'done', partial: false });
  });

  it('keeps no more than the beginning of a long message', async () => {
    const { planner, project, client } = await setUp();
    const failure = new Error('x'.repeat(1_000_000));
    client.between = () => Promise.reject(failure);
    expect((await collect(planner.runStage(project.id, 1))).error).toBe(failure);
    const [stage] = (await planner.status(project.id)).stages;
    expect(stage?.error?.message).toBe(`${'x'.repeat(9_999)}…`);
  });

  it('keeps the good document when a later run fails', async () => {
    const { planner, project, client, store } = await setUp();
    await collect(planner.runStage(project.id, 1));
    const before = await store.readStage(project.id, plan);
    client.between = () => Promise.reject(new Error('no'));
    await collect(planner.runStage(project.id, 1, { force: true }));
    expect(await store.readStage(project.id, plan)).toEqual(before);
    expect((await planner.status(project.id)).stages[0]).toMatchObject({ status: 'failed', revision: 1 });
  });

  it('stops on abort, throws its reason and leaves partial text that is not a document', async () => {
    const { planner, project, client, store } = await setUp();
    const controller = new AbortController();
    const reason = new Error('Ctrl-C');
    client.between = ({ options }) => {
      const ended = untilAborted(options.signal);
      controller.abort(reason);
      return ended;
    };
    const { events, error } = await collect(planner.runStage(project.id, 1, { signal: controller.signal }));
    expect(error).toBe(reason);
    expect(outline(events)).toEqual(['started 1']);
    expect(await store.readStage(project.id, plan)).toBeUndefined();
    expect(await store.readPartial(project.id, plan)).toMatch(/^# Initial/u);
    expect((await planner.status(project.id)).stages[0]).toMatchObject({ status: 'partial' });
    client.between = () => undefined;
    await collect(planner.runStage(project.id, 1));
    expect((await planner.status(project.id)).stages[0]).toMatchObject({ status: 'done', partial: false });
    const late = await collect(planner.runStage(project.id, 1, { signal: controller.signal }));
    expect(late).toEqual({ events: [], error: reason });
  });

  it('ends when the caller leaves the loop', async () => {
    const { planner, project, store } = await setUp();
    for await (const event of planner.runStage(project.id, 1)) if (event.type === 'text') break;
    expect(await store.stageHolder(project.id, plan)).toBeUndefined();
    expect((await planner.status(project.id)).stages[0]).toMatchObject({ status: 'partial' });
  });

  it('tells the second one who runs the stage', async () => {
    const { planner, project, client, again } = await setUp();
    const second: unknown[] = [];
    client.between = async () => {
      expect((await planner.status(project.id)).stages[0]).toMatchObject({
        status: 'running',
      });
      expect((await planner.plan(project.id)).steps).toContainEqual(
        expect.objectContaining({ stage: 1, action: 'wait' }),
      );
      await expect(planner.resetStage(project.id, 1)).rejects.toMatchObject({ code: 'PLAN_STAGE_BUSY' });
      second.push((await collect(again().runStage(project.id, 1))).error);
    };
    const { error } = await collect(planner.runStage(project.id, 1));
    expect(error).toBeUndefined();
    expect(second).toEqual([
      expect.objectContaining({
        code: 'PLAN_STAGE_BUSY',
        message: expect.stringContaining(`${process.pid}`),
      }),
    ]);
  });

  it.each([
    [{ text: ' \n' }, {}, 'PLAN_OUTPUT_EMPTY'],
    [{ finishReason: 'length' }, {}, 'PLAN_OUTPUT_TRUNCATED'],
    [{ finishReason: 'content_filter' }, {}, 'PLAN_OUTPUT_FILTERED'],
    [{ finishReason: 'length' }, { maxTokens: 5 }, undefined],
  ])('judges the answer %j with %j: %s', async (answer, options, code) => {
    const { planner, project, client } = await setUp();
    client.answer = () => answer;
    const { events, error } = await collect(planner.runStage(project.id, 1, options));
    const { stages } = await planner.status(project.id);
    if (code === undefined) {
      expect(events.at(-1)).toMatchObject({ type: 'done', truncated: true });
      expect(stages[0]).toMatchObject({ status: 'done', truncated: true });
    } else {
      expect(error).toMatchObject({ code });
      expect(stages[0]).toMatchObject({ status: 'failed', error: { code } });
    }
  });

  it('uses variables and another template, and keeps to them later', async () => {
    const { planner, project, client, again } = await setUp({ model: 'small' });
    await collect(planner.runStage(project.id, 1, { variables: { tone: 'terse' }, model: 'big' }));
    expect(client.calls[0]?.prompt).toContain('- tone: terse\n');
    expect((await planner.status(project.id)).stages[0]).toMatchObject({ status: 'done' });
    expect((await again({ model: 'other' }).status(project.id)).stages[0]).toMatchObject({ status: 'done' });
    await collect(planner.runStage(project.id, 1, { template: 'progress-assessment' })).then(({ error }) =>
      expect(error).toMatchObject({ code: 'PLAN_TEMPLATE_VARIABLE' }),
    );
    await planner.resetStage(project.id, 1);
    await collect(planner.runStage(project.id, 1));
    expect(client.calls.at(-1)?.options.model).toBe('small');
    expect(client.calls.at(-1)?.prompt).not.toContain('terse');
  });

  it('reports a disk that cannot take the text', async () => {
    const { planner, project } = await setUp();
    await rm(join(project.path, 'stages'), { recursive: true });
    await writeFile(join(project.path, 'stages'), 'a file');
    const { error } = await collect(planner.runStage(project.id, 1));
    expect(error).toMatchObject({ code: 'STORE_UNWRITABLE' });
  });

  it('passes on what it is given wrong', async () => {
    const { planner, project, root } = await setUp();
    expect((await collect(planner.runStage(project.id, 7))).error).toMatchObject({
      code: 'PLAN_STAGE_UNKNOWN',
    });
    for (const options of [{ maxTokens: 0 }, { temperature: -1 }]) {
      expect((await collect(planner.runStage(project.id, 1, options))).error).toBeInstanceOf(RangeError);
    }
    const { error } = await collect(planner.runStage('nobody', 1));
    expect(error).toMatchObject({ code: 'STORE_PROJECT_NOT_FOUND' });
    const store = createProjectStore({ root });
    expect(() => createPlanner({ store, client: {} as never, stages: [] })).toThrow(/no stages/);
  });
});
