import assert from 'node:assert/strict';
import { createSimulator, type Simulator } from '@ai-toolkit/llm-simulator';
import { ask } from '../support/ask.ts';
import { startGateway } from '../support/gateway.ts';
import type { Scenario } from '../support/scenario.ts';
import { pause, together, until } from '../support/together.ts';

/** Makes the provider refuse every request with 429 for half of the `retry-after` it sends. */
async function storm(simulator: Simulator, pauseMs: number): Promise<void> {
  const before = simulator.stats().rateLimited;
  simulator.setFaults(`status=429; retry-after=${pauseMs}`);
  await until(() => simulator.stats().rateLimited > before);
  await pause(pauseMs / 2);
  simulator.clearFaults();
}

export const scenario: Scenario = {
  promise:
    'A provider that refuses with 429 is left alone for the pause that it names: callers wait, and at most those whose calls were under way hear of the refusal.',
  test: 'packages/ai-client/test/faults.test.ts',
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator());
    const gateway = await startGateway(scene, simulator);
    const question = (index: number): Promise<Awaited<ReturnType<typeof ask>>> =>
      ask(gateway.url, { prompt: `Storm ${index}`, stream: random.chance(0.5) });
    const callers = 20;
    await together(200, callers, (index) => question(-1 - index));
    const calls = scene.times(2000);
    const storms = scene.times(4);
    const every = Math.floor(calls / storms);
    const raging: Promise<void>[] = [];
    const seen = await together(calls, callers, (index) => {
      if (index % every === Math.floor(every / 2)) raging.push(storm(simulator, random.between(1000, 2000)));
      return question(index);
    });
    await Promise.all(raging);
    const refused = seen.filter(({ whole }) => !whole);
    for (const { status, raw } of refused) assert.equal(status, 429, raw);
    const { rateLimited } = simulator.stats();
    assert.ok(refused.length <= rateLimited);
    assert.ok(rateLimited <= callers * raging.length, `${rateLimited} refusals`);
    return `${calls} calls of ${callers} callers in ${raging.length} storms: the provider refused ${rateLimited} times, ${calls - refused.length} answers, ${refused.length} callers heard 429`;
  },
};
