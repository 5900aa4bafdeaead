import assert from 'node:assert/strict';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask } from '../support/ask.ts';
import { createCuttingProxy } from '../support/cutting-proxy.ts';
import { startGateway } from '../support/gateway.ts';
import type { Scenario } from '../support/scenario.ts';
import { together } from '../support/together.ts';

export const scenario: Scenario = {
  promise:
    'Connections to the provider that are reset under load make no short answer look whole: each call has its whole answer or an error.',
  test: 'packages/ai-client/test/fault-matrix.test.ts',
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator({ faults: ['chunk-delay=3'] }));
    const proxy = scene.use(await createCuttingProxy(simulator.port));
    const gateway = await startGateway(scene, {
      openaiBaseUrl: `http://127.0.0.1:${proxy.port}/v1`,
      anthropicBaseUrl: simulator.anthropicBaseUrl,
    });
    const calls = scene.times(600);
    const every = random.between(20, 40);
    let cuts = 0;
    const seen = await together(calls, 12, async (index) => {
      if (index % every === every - 1 && proxy.cut() > 0) cuts += 1;
      const prompt = `Question ${index} [simulator-answer: tokens=${random.between(50, 400)}; chunks=20]`;
      return { prompt, seen: await ask(gateway.url, { prompt, stream: random.chance(0.6) }) };
    });
    simulator.clearFaults();
    const told = seen.filter(({ seen: { whole } }) => !whole);
    for (const { seen: one } of told) assert.ok(one.failed, one.raw);
    const within = told.filter((one) => one.seen.status === 200).length;
    const whole = seen.filter((one) => one.seen.whole);
    await together(whole.length, 8, async (index) => {
      const { prompt, seen: one } = whole[index] as (typeof whole)[number];
      const straight = await ask(simulator.openaiBaseUrl.replace(/\/v1$/, ''), { prompt });
      assert.equal(one.words, straight.words);
    });
    return `${calls} calls, all connections reset ${cuts} times: ${whole.length} whole answers, word for word the provider's, ${within} error frames, ${told.length - within} refusals, most of them while the circuit was open; 0 short ones`;
  },
};
