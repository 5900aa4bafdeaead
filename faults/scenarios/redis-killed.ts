import { createSimulator } from '@ai-toolkit/llm-simulator';
import { startPair, untilShared } from '../support/pair.ts';
import { noRedis, startRedis } from '../support/redis.ts';
import { callThroughOutage } from '../support/redis-outage.ts';
import type { Scenario } from '../support/scenario.ts';

export const scenario: Scenario = {
  promise:
    'Redis killed under load and started again with nothing in it costs no call, and the servers share answers again by themselves.',
  test: 'apps/server/test/redis.test.ts',
  unavailable: noRedis,
  async run(scene) {
    const simulator = scene.use(await createSimulator());
    const redis = await startRedis(scene);
    const pair = await startPair(scene, simulator, redis.url);
    await untilShared(pair, 'Before');
    // The list includes the connection that requests it.
    const connections = (await redis.command<string>('CLIENT', 'LIST')).trim().split('\n').length - 1;
    const { calls, tries } = await callThroughOutage(scene, pair, {
      breaks: () => redis.kill(),
      mends: () => redis.restart(),
    });
    return `${calls} calls of 16 callers at two servers with ${connections} connections to Redis, Redis killed and restarted within: ${calls} answers; shared again after ${tries} tries`;
  },
};
