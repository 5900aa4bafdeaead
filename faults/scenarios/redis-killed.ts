import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask, assertAllWhole } from '../support/ask.ts';
import { startPair, untilShared } from '../support/pair.ts';
import { noRedis, startRedis } from '../support/redis.ts';
import type { Scenario } from '../support/scenario.ts';
import { together } from '../support/together.ts';

export const scenario: Scenario = {
  promise:
    'Redis killed under load and started again with nothing in it costs no call, and the servers share answers again by themselves.',
  test: 'apps/server/test/redis.test.ts',
  unavailable: noRedis,
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator());
    const redis = await startRedis(scene);
    const pair = await startPair(scene, simulator, redis.url);
    await untilShared(pair, 'Before');
    // The one that asks is listed, too.
    const connections = (await redis.command<string>('CLIENT', 'LIST')).trim().split('\n').length - 1;
    const calls = scene.times(3000);
    const breaksAt = random.between(calls * 0.2, calls * 0.4);
    const mendsAt = random.between(calls * 0.6, calls * 0.8);
    let changed: Promise<unknown> = Promise.resolve();
    const seen = await together(calls, 16, (index) => {
      if (index === breaksAt) changed = redis.kill();
      if (index === mendsAt) changed = changed.then(() => redis.restart());
      // Half of the questions were asked before, of one server or the other.
      const prompt = `Question ${random.between(0, calls / 2)}`;
      return ask(pair[random.between(0, 1)]?.url ?? '', { prompt, stream: random.chance(0.5) });
    });
    await changed;
    assertAllWhole(seen);
    const tries = await untilShared(pair, 'After');
    return `${calls} calls of 16 callers at two servers with ${connections} connections to Redis, Redis killed and restarted within: ${calls} answers; shared again after ${tries} tries`;
  },
};
