import { createSimulator } from '@ai-toolkit/llm-simulator';
import { startPair, untilShared } from '../support/pair.ts';
import { noRedis, startRedis } from '../support/redis.ts';
import { callThroughOutage } from '../support/redis-outage.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  promise:
    'A Redis that accepts and says nothing costs no call, and the servers share answers again by themselves when it goes on.',
  test: 'packages/core-cache/test/redis/outage.test.ts',
  unavailable: noRedis,
  async run(scene) {
    const simulator = scene.use(await createSimulator());
    const redis = await startRedis(scene);
    const pair = await startPair(scene, simulator, redis.url);
    await untilShared(pair, 'Before');
    const { calls, tries } = await callThroughOutage(scene, pair, {
      breaks: () => redis.freeze(),
      mends: () => redis.thaw(),
    });
    return `${calls} calls of 16 callers at two servers, Redis silent for a while within: ${calls} answers; shared again after ${tries} tries`;
  },
};
