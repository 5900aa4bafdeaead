import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask, assertAllWhole } from '../support/ask.ts';
import { startPair, untilShared } from '../support/pair.ts';
import { noRedis, startRedis } from '../support/redis.ts';
import type { Scenario } from '../support/scenario.ts';
import { together } from '../support/together.ts';

export const scenario: Scenario = {
  promise:
    'A Redis that accepts and says nothing costs no call, and the servers share answers again by themselves when it goes on.',
  test: 'packages/core-cache/test/redis/outage.test.ts',
  unavailable: noRedis,
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator());
    const redis = await startRedis(scene);
    const pair = await startPair(scene, simulator, redis.url);
    await untilShared(pair, 'Before');
    const calls = scene.times(3000);
    const breaksAt = random.between(calls * 0.2, calls * 0.4);
    const mendsAt = random.between(calls * 0.6, calls * 0.8);
    const seen = await together(calls, 16, (index) => {
      if (index === breaksAt) redis.freeze();
      if (index === mendsAt) redis.thaw();
      // Half of the questions were asked before, of one server or the other.
      const prompt = `Question ${random.between(0, calls / 2)}`;
      return ask(pair[random.between(0, 1)]?.url ?? '', { prompt, stream: random.chance(0.5) });
    });
    assertAllWhole(seen);
    const tries = await untilShared(pair, 'After');
    return `${calls} calls of 16 callers at two servers, Redis silent for a while within: ${calls} answers; shared again after ${tries} tries`;
  },
};
