import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EstimateCost, PlanStep, ProjectPlan } from '../../src/index.js';
import { untilAborted } from '../fake-client.js';
import { collect, setUp } from '../setup.js';

/** A dollar for a million tokens of input, four for those of output. */
const estimateCost: EstimateCost = ({ model }, { inputTokens, outputTokens }) =>
  model.startsWith('fake') ? (inputTokens + 4 * outputTokens) / 1e6 : undefined;

function step({ steps }: ProjectPlan, stage: number): PlanStep {
  const found = steps.find((one) => one.stage === stage);
  if (found === undefined) throw new RangeError(`no step for stage ${stage}`);
  return found;
}

describe('plan', () => {
  it('tells what is known of each call, and what is not known before another stage ran', async () => {
    const { planner, project, client } = await setUp({ estimateCost, maxTokens: 2_000 });
    const plan = await planner.plan(project.id);
    const first = step(plan, 1).call;
    expect(first).toEqual({
      cache: 'miss',
      until: [],
      inputTokens: expect.any(Number),
      outputTokens: 2_000,
      costUsd: ((first?.inputTokens ?? 0) + 8_000) / 1e6,
      mostUsd: expect.any(Number),
    });
    expect(first?.mostUsd).toBeGreaterThan(first?.costUsd ?? 0);
    const sixth = step(plan, 6).call;
    expect(sixth).toMatchObject({ cache: 'unknown', until: [2, 3, 5], outputTokens: 2_000 });
    // The three documents that its prompt will quote are as long as they are expected to be.
    expect(sixth?.inputTokens).toBeGreaterThan(6_000);
    expect(sixth).not.toHaveProperty('mostUsd');
    const sum = plan.steps.reduce((total, { call }) => total + (call?.costUsd ?? 0), 0);
    expect(plan).toMatchObject({ calls: 6, hits: 0, costUsd: expect.closeTo(sum, 12) });
    expect(client.calls).toHaveLength(0);
    expect((await planner.status(project.id)).stages.every(({ status }) => status === 'not-started')).toBe(
      true,
    );
  });

  it('knows what the cache will answer, and that it costs nothing', async () => {
    const { planner, project, client, store } = await setUp({ estimateCost });
    await collect(planner.run(project.id));
    const twin = await store.create({ name: project.name, description: project.description });
    const plan = await planner.plan(twin.id);
    expect(step(plan, 1).call).toMatchObject({ cache: 'hit', costUsd: 0, mostUsd: 0 });
    expect(step(plan, 2).call).toMatchObject({ cache: 'unknown', until: [1] });
    expect(plan).toMatchObject({ calls: 6, hits: 1 });
    await collect(planner.run(twin.id, { stages: [1, 2] }));
    const later = await planner.plan(twin.id);
    expect(later).toMatchObject({ calls: 4, hits: 2 });
    expect(later.steps.map(({ action }) => action)).toEqual(['skip', 'skip', 'run', 'run', 'run', 'run']);
    expect(step(await planner.plan(twin.id, { cache: 'refresh' }), 3).call).toMatchObject({ cache: 'miss' });
    expect(client.providerCalls).toBe(6);
  });

  it('learns the length of a document from the last one', async () => {
    const { planner, project, client, store } = await setUp({ estimateCost });
    client.answer = () => ({ usage: { inputTokens: 10, outputTokens: 777 } });
    await collect(planner.runStage(project.id, 1));
    await store.writeIdea(project.id, 'Another');
    expect(step(await planner.plan(project.id), 1).call).toMatchObject({ outputTokens: 777 });
    expect(step(await planner.plan(project.id, { maxTokens: 50 }), 1).call).toMatchObject({
      outputTokens: 50,
    });
  });

  it('blocks what the budget of the run would not let pass, and what needs it', async () => {
    const { planner, project, client, store } = await setUp({
      estimateCost: (_, { outputTokens }) => outputTokens,
      maxTokens: 10,
    });
    client.answer = () => ({ usage: { inputTokens: 1, outputTokens: 10 } });
    const plan = await planner.plan(project.id, { maxCost: 29 });
    expect(plan.steps.map(({ stage, action }) => `${stage} ${action}`)).toEqual([
      '1 run',
      '2 run',
      '3 blocked',
      '4 blocked',
      '5 blocked',
      '6 blocked',
    ]);
    expect(step(plan, 3).why).toEqual([
      'Stage 3 (Implementation Strategy) may cost up to $10.00, and of the budget of $29.00 $9.00 is left.',
    ]);
    expect(plan).toMatchObject({ calls: 2, costUsd: 20 });
    // It is right: a run with this budget makes the same two.
    await collect(planner.run(project.id, { maxCost: 29, concurrency: 1 }));
    expect(client.providerCalls).toBe(2);
    await collect(planner.run(project.id));
    await store.writeIdea(project.id, 'Another');
    const again = await planner.plan(project.id, { maxCost: 0 });
    expect(step(again, 2)).toMatchObject({
      action: 'blocked',
      why: ['stage 1, which it needs, would not succeed'],
    });
    expect(again).toMatchObject({ calls: 0 });
  });

  it('blocks what has no price under a budget, and lets pass what the cache holds', async () => {
    const { planner, project, store, again } = await setUp({ estimateCost });
    await collect(planner.run(project.id, { stages: [1] }));
    const twin = await store.create({ name: project.name, description: project.description });
    expect(step(await planner.plan(twin.id, { maxCost: 0 }), 1)).toMatchObject({ action: 'run' });
    const unpriced = await again({ model: 'else', estimateCost }).plan(twin.id, { maxCost: 9 });
    expect(step(unpriced, 1)).toMatchObject({
      action: 'blocked',
      why: [expect.stringContaining('the price of else')],
    });
  });

  it('never takes an unknown price for none', async () => {
    const { planner, project, again } = await setUp({ estimateCost, model: 'else' });
    const plan = await planner.plan(project.id);
    expect(step(plan, 1).call).toMatchObject({ cache: 'miss', model: 'else' });
    expect(step(plan, 1).call).not.toHaveProperty('costUsd');
    expect(plan).not.toHaveProperty('costUsd');
    const broken = again({ model: 'fake', estimateCost: () => Number.NaN });
    expect(await broken.plan(project.id)).not.toHaveProperty('costUsd');
  });

  it('counts tokens as it is told to', async () => {
    const { project, again } = await setUp();
    const plan = await again({ countTokens: (text, model) => (model === 'm' ? text.length : 1) }).plan(
      project.id,
      { stages: [1], model: 'm' },
    );
    expect(step(plan, 1).call?.inputTokens).toBeGreaterThan(3_000);
  });

  it('plans what the run would do that is asked for, not the last one', async () => {
    const { planner, project } = await setUp({ model: 'small' });
    await collect(planner.run(project.id));
    const plan = await planner.plan(project.id, { model: 'big' });
    expect(step(plan, 1)).toMatchObject({ action: 'run', why: ['model is now big, it was small'] });
    expect(step(plan, 2)).toMatchObject({ action: 'run', why: ['stage 1 runs before it'] });
    expect((await planner.plan(project.id)).steps.map(({ action }) => action)).toEqual(Array(6).fill('skip'));
  });

  it('announces no stage that is stale but that the run would leave alone', async () => {
    const { planner, project, client, again } = await setUp({ model: 'small' });
    await collect(planner.run(project.id));
    await planner.edit(project.id, 3, async ({ text }) => `${text}\nMore.\n`);
    // The others follow from what the run leaves alone, or from a setting that it does not have.
    const other = again({ model: 'big' });
    expect((await other.status(project.id)).stages.filter(({ status }) => status === 'done')).toEqual([]);
    const options = { stages: [1, 2, 4, 5], model: 'small' };
    const plan = await other.plan(project.id, options);
    expect(plan.steps.map(({ stage, action }) => `${stage} ${action}`)).toEqual([
      '1 skip',
      '2 skip',
      '4 run',
      '5 skip',
    ]);
    await collect(other.run(project.id, options));
    expect(client.calls).toHaveLength(6 + plan.calls);
  });

  it('says what a run would stumble over', async () => {
    const { planner, project } = await setUp();
    const plan = await planner.plan(project.id, { stages: [2, 3] });
    expect(plan.steps).toEqual([
      {
        stage: 2,
        name: 'Architecture Design',
        action: 'blocked',
        why: ['stage 1 (Initial Plan) has no document'],
      },
      {
        stage: 3,
        name: 'Implementation Strategy',
        action: 'blocked',
        why: ['stage 1 (Initial Plan) has no document', 'stage 2 (Architecture Design) has no document'],
      },
    ]);
    expect(plan).toMatchObject({ calls: 0, costUsd: 0 });
    await writeFile(join(project.path, 'pipeline.toml'), 'x');
    await expect(planner.plan(project.id)).rejects.toMatchObject({ code: 'PLAN_PIPELINE_INVALID' });
  });

  it('names a client that has nobody to ask', async () => {
    const { project, again } = await setUp();
    const error = Object.assign(new Error('no provider for x'), { code: 'AI_NO_PROVIDER' });
    const planner = again({ forecast: () => Promise.reject(error) });
    expect(step(await planner.plan(project.id), 1)).toMatchObject({
      action: 'blocked',
      why: ['no provider for x'],
    });
    const broken = again({ forecast: () => Promise.reject(new Error('bug')) });
    await expect(broken.plan(project.id)).rejects.toThrow('bug');
  });

  it('waits for what another run is making', async () => {
    const { planner, project, client, again } = await setUp();
    const controller = new AbortController();
    const seen: ProjectPlan[] = [];
    client.between = async ({ options }) => {
      seen.push(await again().plan(project.id));
      const ended = untilAborted(options.signal);
      controller.abort();
      await ended;
    };
    await collect(planner.runStage(project.id, 1, { signal: controller.signal }));
    const [plan] = seen;
    expect(plan?.steps.slice(0, 2)).toMatchObject([
      { action: 'wait' },
      { action: 'run', call: { cache: 'unknown', until: [1] } },
    ]);
  });

  it('refuses what a run would refuse', async () => {
    const { planner, project } = await setUp();
    await expect(planner.plan(project.id, { stages: [9] })).rejects.toMatchObject({
      code: 'PLAN_STAGE_UNKNOWN',
    });
    await expect(planner.plan(project.id, { maxTokens: 0 })).rejects.toBeInstanceOf(RangeError);
    await expect(planner.plan(project.id, { maxCost: -1 })).rejects.toBeInstanceOf(RangeError);
    const reason = new Error('stop');
    await expect(planner.plan(project.id, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});
