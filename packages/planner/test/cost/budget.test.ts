import { StoreError } from '@ai-toolkit/project-store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EstimateCost, PlanError, type PlannerEvent } from '../../src/index.js';
import { untilAborted } from '../fake-client.js';
import { collect, outline, type Setup, setUp } from '../setup.js';

/** A dollar for each token of output, and nothing for the rest. */
const perOutputToken: EstimateCost = (_, { outputTokens }) => outputTokens;

function spent(events: readonly PlannerEvent[]): number {
  return events.reduce((sum, event) => sum + (event.type === 'done' ? (event.costUsd ?? Number.NaN) : 0), 0);
}

/** Answers of so many tokens; a bound of 10 for each. */
async function setUpWith(tokens: number): Promise<Setup> {
  const setup = await setUp({ estimateCost: perOutputToken, maxTokens: 10 });
  setup.client.answer = () => ({ usage: { inputTokens: 1, outputTokens: tokens } });
  return setup;
}

describe('a budget', () => {
  it('lets pass what fits, and tells what it cost', async () => {
    const { planner, project } = await setUpWith(10);
    const { events, error } = await collect(planner.run(project.id, { maxCost: 60 }));
    expect(error).toBeUndefined();
    expect(spent(events)).toBe(60);
    for (const event of events) if (event.type === 'usage') expect(event.costUsd).toBe(10);
    expect((await planner.status(project.id)).stages.map(({ costUsd }) => costUsd)).toEqual(
      Array(6).fill(10),
    );
  });

  it('refuses a stage before it is asked, keeps what is done, and leaves no failure behind', async () => {
    const { planner, project, client } = await setUpWith(10);
    const { events, error } = await collect(planner.run(project.id, { maxCost: 29, concurrency: 1 }));
    expect(error).toMatchObject({
      code: 'PLAN_BUDGET_EXCEEDED',
      message:
        'Stage 3 (Implementation Strategy) may cost up to $10.00, and of the budget of $29.00 $9.00 is left.',
      hint: expect.stringContaining('Allow $30.00 or more'),
    });
    expect(outline(events)).toEqual([
      'started 1',
      'done 1',
      'started 2',
      'done 2',
      'failed 3',
      'skipped 4',
      'skipped 6',
      'failed 5',
    ]);
    expect(client.providerCalls).toBe(2);
    const { stages } = await planner.status(project.id);
    expect(stages.map(({ status }) => status)).toEqual(['done', 'done', ...Array(4).fill('not-started')]);
    const rest = await collect(planner.run(project.id, { maxCost: 40 }));
    expect(rest.error).toBeUndefined();
    expect(client.providerCalls).toBe(6);
  });

  it('is set aside for the worst and settled by the truth, so that stages side by side wait for each other', async () => {
    const { planner, project, client } = await setUpWith(2);
    let open = 0;
    client.between = async () => {
      open += 1;
      expect(open).toBe(1);
      await Promise.resolve();
      open -= 1;
    };
    // 1 and 2 took 4: in the 16 that are left, two stages do not fit at once, but one after the other they do.
    const { events, error } = await collect(planner.run(project.id, { maxCost: 20 }));
    expect(error).toBeUndefined();
    expect(spent(events)).toBe(12);
  });

  it('is never exceeded, whatever it is and whatever answers cost', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 70 }),
        fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 6, maxLength: 6 }),
        fc.integer({ min: 1, max: 4 }),
        async (maxCost, costs, concurrency) => {
          const { planner, project, client } = await setUp({ estimateCost: perOutputToken, maxTokens: 10 });
          let billed = 0;
          client.answer = ({ options }) => {
            const outputTokens = costs[Number(options.labels?.stage) - 1] ?? 0;
            billed += outputTokens;
            return { usage: { inputTokens: 0, outputTokens } };
          };
          const { error } = await collect(planner.run(project.id, { maxCost, concurrency }));
          expect(billed).toBeLessThanOrEqual(maxCost);
          if (error === undefined) expect(client.providerCalls).toBe(6);
          else expect(error).toMatchObject({ code: 'PLAN_BUDGET_EXCEEDED' });
        },
      ),
      { numRuns: 15 },
    );
  });

  it('costs nothing where the cache answers, not even at an unknown price', async () => {
    const { planner, project, client, store, again } = await setUpWith(10);
    await collect(planner.run(project.id));
    const twin = await store.create({ name: project.name, description: project.description });
    const { events, error } = await collect(
      again({ estimateCost: () => undefined }).run(twin.id, { maxCost: 0 }),
    );
    expect(error).toBeUndefined();
    expect(spent(events)).toBe(0);
    expect(client.providerCalls).toBe(6);
    for (const call of client.calls.slice(6)) expect(call.options.cache?.mode).toBe('only-if-cached');
  });

  it('pays for an answer that goes from the cache between the look and the call, if it can', async () => {
    const { project, client, again } = await setUpWith(10);
    const planner = again({
      forecast: async () => ({ cache: 'hit', upstreams: [{ provider: 'fake', model: 'fake-1' }] }),
    });
    const poor = await collect(planner.runStage(project.id, 1, { maxCost: 9 }));
    expect(poor.error).toMatchObject({ code: 'PLAN_BUDGET_EXCEEDED' });
    expect((await planner.status(project.id)).stages[0]?.status).toBe('not-started');
    expect(client.providerCalls).toBe(0);
    const { events, error } = await collect(planner.runStage(project.id, 1, { maxCost: 10 }));
    expect(error).toBeUndefined();
    expect(spent(events)).toBe(10);
  });

  it('bounds the answer also where the cache was trusted to have an unbounded one', async () => {
    const { project, client, again } = await setUp({ estimateCost: () => 0.01 });
    const planner = again({
      forecast: async () => ({ cache: 'hit', upstreams: [{ provider: 'fake', model: 'fake-1' }] }),
    });
    await collect(planner.runStage(project.id, 1, { maxCost: 1 }));
    expect(client.calls.map(({ options }) => [options.cache?.mode, options.maxTokens])).toEqual([
      ['only-if-cached', undefined],
      [undefined, 16_000],
    ]);
  });

  it('bounds an answer that nobody bounded, and asks no other question by that', async () => {
    const { planner, project, client, store } = await setUp({ estimateCost: () => 0.01 });
    await collect(planner.run(project.id, { maxCost: 1 }));
    for (const { options } of client.calls) expect(options.maxTokens).toBe(16_000);
    // The documents are as good without the budget, and the answers as good for a twin with one.
    expect(
      outline((await collect(planner.run(project.id))).events).every((one) => one.startsWith('skipped')),
    ).toBe(true);
    const twin = await store.create({ name: project.name, description: project.description });
    await collect(planner.run(twin.id, { maxCost: 0 }));
    expect(client.providerCalls).toBe(6);
  });

  it('finds an answer that was stored by a run without a budget', async () => {
    const { planner, project, client, store } = await setUp({ estimateCost: () => 0.01 });
    await collect(planner.run(project.id));
    const twin = await store.create({ name: project.name, description: project.description });
    expect((await planner.plan(twin.id, { maxCost: 0 })).steps[0]?.call).toMatchObject({ cache: 'hit' });
    expect((await collect(planner.run(twin.id, { maxCost: 0 }))).error).toBeUndefined();
    expect(client.providerCalls).toBe(6);
  });

  it('refuses a model whose price is not known', async () => {
    const { planner, project, client, again } = await setUp({ model: 'odd-model' });
    const { error } = await collect(planner.runStage(project.id, 1, { maxCost: 100 }));
    expect(error).toMatchObject({
      code: 'PLAN_BUDGET_UNPRICED',
      message: expect.stringContaining('the price of odd-model (fake) is not known'),
    });
    const forecast = async (): Promise<{ cache: 'miss'; upstreams: [] }> => ({
      cache: 'miss',
      upstreams: [],
    });
    const blind = await collect(again({ forecast }).runStage(project.id, 1, { maxCost: 100 }));
    expect(blind.error).toMatchObject({ code: 'PLAN_BUDGET_UNPRICED' });
    expect(client.calls).toHaveLength(0);
  });

  it('reckons with the dearest of those who may answer', async () => {
    const { project, again } = await setUp();
    const upstreams = [
      { provider: 'a', model: 'cheap' },
      { provider: 'b', model: 'dear' },
    ];
    const planner = again({
      forecast: async () => ({ cache: 'miss', upstreams }),
      estimateCost: ({ model }) => (model === 'dear' ? 5 : 1),
    });
    const run = (maxCost: number): Promise<{ error: unknown }> =>
      collect(planner.runStage(project.id, 1, { maxCost }));
    expect((await run(4)).error).toMatchObject({ code: 'PLAN_BUDGET_EXCEEDED' });
    expect((await run(5)).error).toBeUndefined();
  });

  it('counts attempts that were repeated, and what a broken answer may have cost', async () => {
    const { planner, project, client } = await setUp({
      estimateCost: (_, { inputTokens, outputTokens }) => (inputTokens === 1 ? 1 : 0) + outputTokens,
      maxTokens: 10,
    });
    client.answer = () => ({ attempts: 3, usage: { inputTokens: 1, outputTokens: 2 } });
    const { events } = await collect(planner.runStage(project.id, 1, { maxCost: 10 }));
    expect(spent(events)).toBe(1 + 2 + 2 * 1);
    await collect(planner.runStage(project.id, 2));
    client.between = ({ options }) => {
      if (options.labels?.stage === '3') throw new Error('broken');
    };
    // Nobody knows what the broken one cost, so that all that was set aside for it is gone.
    const broken = await collect(planner.run(project.id, { maxCost: 19, concurrency: 1 }));
    expect(outline(broken.events)).toEqual([
      'skipped 1',
      'skipped 2',
      'started 3',
      'failed 3',
      'skipped 4',
      'skipped 6',
      'failed 5',
    ]);
  });

  it('gives back what a refusal cannot have cost', async () => {
    const { planner, project, client } = await setUpWith(1);
    await collect(planner.run(project.id, { stages: [1, 2] }));
    const refusal = Object.assign(new Error('busy'), { code: 'LIMIT_QUEUE_FULL' });
    const { generateStreaming } = client;
    client.generateStreaming = (prompt, options) => {
      if (options?.labels?.stage === '3') throw refusal;
      return generateStreaming(prompt, options);
    };
    const { events, error } = await collect(planner.run(project.id, { maxCost: 10, concurrency: 1 }));
    expect(error).toBe(refusal);
    expect(outline(events)).toContain('done 5');
  });

  it('gives back everything when nobody was asked, since the text has nowhere to go', async () => {
    const { project, store, again } = await setUpWith(1);
    let failed = false;
    const planner = again({
      store: {
        ...store,
        openPartial: async (id, stage) => {
          if (failed || stage.number !== 3) return store.openPartial(id, stage);
          failed = true;
          throw new StoreError('STORE_UNAVAILABLE', 'no database', { hint: 'wait' });
        },
      },
    });
    await collect(planner.run(project.id, { stages: [1, 2] }));
    const { events, error } = await collect(planner.run(project.id, { maxCost: 10, concurrency: 1 }));
    expect(error).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(outline(events)).toContain('done 5');
  });

  it('counts an answer that is no document', async () => {
    const { planner, project, client } = await setUp({ estimateCost: perOutputToken, maxTokens: 10 });
    await collect(planner.run(project.id, { stages: [1, 2] }));
    client.answer = ({ options }) => ({
      usage: { inputTokens: 1, outputTokens: 4 },
      ...(options.labels?.stage === '3' ? { text: ' ' } : {}),
    });
    const { events } = await collect(planner.run(project.id, { maxCost: 13, concurrency: 1 }));
    expect(events).toContainEqual(expect.objectContaining({ type: 'usage', stage: 3, costUsd: 4 }));
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'failed',
        stage: 5,
        error: expect.objectContaining({ code: 'PLAN_BUDGET_EXCEEDED' }),
      }),
    );
  });

  it('does not keep an aborted run waiting', async () => {
    const { planner, project, client } = await setUpWith(1);
    await collect(planner.run(project.id, { stages: [1, 2] }));
    const controller = new AbortController();
    const reason = new Error('Ctrl-C');
    client.between = ({ options }) => {
      setImmediate(() => controller.abort(reason));
      return untilAborted(options.signal);
    };
    const { error } = await collect(planner.run(project.id, { maxCost: 10, signal: controller.signal }));
    expect(error).toBe(reason);
  });

  it.each([0.1, 1.234, 0.000_123_45, 3e-8, 1e-200, 12_345.678])(
    'asks for enough, and not for much more: stages of %s dollars',
    async (usd) => {
      const { planner, project } = await setUp({ estimateCost: () => usd });
      const { error } = await collect(planner.run(project.id, { maxCost: 0 }));
      // What is less than all rounding is nothing.
      if (usd < 1e-9) return expect(error).toBeUndefined();
      const hint = error instanceof PlanError ? error.hint : '';
      const enough = Number(/^Allow \$([\d.]+) or more/u.exec(hint)?.[1]);
      expect(enough / usd).toBeLessThan(1.02);
      expect((await collect(planner.runStage(project.id, 1, { maxCost: enough }))).error).toBeUndefined();
    },
  );

  it('adds up fractions without a crumb too much', async () => {
    const { planner, project } = await setUp({ estimateCost: () => 0.1 });
    expect((await collect(planner.run(project.id, { maxCost: 0.6, concurrency: 1 }))).error).toBeUndefined();
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, '1' as never])('refuses to be %s', async (maxCost) => {
    const { planner, project } = await setUp();
    expect((await collect(planner.run(project.id, { maxCost }))).error).toBeInstanceOf(RangeError);
    expect((await collect(planner.runStage(project.id, 1, { maxCost }))).error).toBeInstanceOf(RangeError);
  });
});
