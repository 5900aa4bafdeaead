import { createAiClient, createPipeline, openaiProvider } from '@ai-toolkit/ai-client';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPlanner, type EstimateCost, type Planner, type PlannerOptions } from '../../src/index.js';
import { collect, type Setup, setUp } from '../setup.js';

/** US dollars for a million tokens, as a middling model has them. */
const price = { input: 2, output: 8 };
const estimateCost: EstimateCost = ({ provider }, { inputTokens, outputTokens }) =>
  provider === 'test' ? (inputTokens * price.input + outputTokens * price.output) / 1e6 : undefined;

interface Stage extends Setup {
  faults(...faults: readonly string[]): void;
  /** What a provider would have charged so far, US dollars. */
  billed(): number;
  openPlanner(options?: Partial<PlannerOptions>): Planner;
}

async function setStage(): Promise<Stage> {
  const setup = await setUp();
  const simulator = await createSimulator();
  const pipeline = createPipeline({ providers: [openaiProvider(simulator.openaiBaseUrl, 'k', 'test')] });
  onTestFinished(async () => {
    await pipeline.close();
    await simulator.close();
  });
  const client = createAiClient({ pipeline, model: 'gpt-4o-mini' });
  return {
    ...setup,
    faults: simulator.setFaults,
    billed: () => {
      const { input, output } = simulator.stats().tokens;
      return (input * price.input + output * price.output) / 1e6;
    },
    openPlanner: (options) =>
      createPlanner({
        store: setup.store,
        client,
        estimateCost,
        model: 'gpt-4o-mini',
        forecast: async (prompt, request) => {
          const { stored, scope, model } = await client.explain(prompt, request);
          return {
            cache: stored?.status === 'hit' ? 'hit' : 'miss',
            upstreams: [{ provider: scope.provider, model }],
          };
        },
        ...options,
      }),
  };
}

describe('a budget in front of a real client', () => {
  it('plans near to the truth, and settles on the truth', async () => {
    const { project, openPlanner, billed } = await setStage();
    const planner = openPlanner({ maxTokens: 1_000 });
    const plan = await planner.plan(project.id);
    expect(plan).toMatchObject({ calls: 6, hits: 0, costUsd: expect.any(Number) });
    expect(billed()).toBe(0);
    const { error, events } = await collect(planner.run(project.id, { maxCost: 1 }));
    expect(error).toBeUndefined();
    const told = events.reduce((sum, event) => sum + (event.type === 'done' ? (event.costUsd ?? 0) : 0), 0);
    expect(told).toBeCloseTo(billed(), 9);
    expect((plan.costUsd ?? 0) / billed()).toBeGreaterThan(0.5);
    expect((plan.costUsd ?? 0) / billed()).toBeLessThan(2);
  });

  it('is not exceeded by retries and broken answers', { timeout: 120_000 }, async () => {
    const { store, openPlanner, billed, faults } = await setStage();
    const planner = openPlanner({ maxTokens: 600 });
    let before = 0;
    for (const [seed, maxCost] of [0.02, 0.03, 0.04, 0.05, 0.08, 0.12].entries()) {
      faults(
        `probability=0.3; cut-after=1; seed=${seed}`,
        `probability=0.3; status=500; seed=${seed + 10}`,
        `probability=0.2; cut-after=20; seed=${seed + 20}`,
      );
      const { id } = await store.create({ name: `Clock ${seed}`, description: 'A wall clock' });
      // Whoever runs it again after a failure does so with what is left.
      const { events } = await collect(planner.run(id, { maxCost, concurrency: 3 }));
      expect(events.length).toBeGreaterThan(0);
      expect(billed() - before).toBeLessThanOrEqual(maxCost);
      before = billed();
    }
    expect(before).toBeGreaterThan(0.02);
  });
});
