import assert from 'node:assert/strict';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask } from '../support/ask.ts';
import { callsInLedger, failedChecks, type Gateway, startGateway } from '../support/gateway.ts';
import type { Random, Scenario } from '../support/scenario.ts';
import { together } from '../support/together.ts';

const callers = 16;

/** Loads it until so many answers were whole, kills it then, and gives these answers' words by their prompts. */
async function killUnderLoad(
  { url, end }: Gateway,
  name: string,
  killAfter: number,
  random: Random,
): Promise<Map<string, string>> {
  const had = new Map<string, string>();
  let dead: Promise<unknown> | undefined;
  await together(killAfter + 2 * callers, callers, async (index) => {
    const prompt = `${name}, question ${index}`;
    const stream = random.chance(0.5);
    const { whole, ended, words } = await ask(url, { prompt, stream });
    if (whole && ended) had.set(prompt, words);
    if (had.size === killAfter) dead ??= end('SIGKILL');
  });
  await dead;
  return had;
}

export const scenario: Scenario = {
  promise:
    'After kill -9 under load every answer whose end a caller had is a hit, word for word, and the ledger has all that it had told.',
  test: 'packages/core-cache/test/disk/kill.test.ts',
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator({ faults: ['delay=5'] }));
    let gateway = await startGateway(scene, simulator);
    const { home } = gateway;
    const rounds = scene.times(8);
    let kept = 0;
    for (let round = 0; round < rounds; round++) {
      const told = await callsInLedger(gateway);
      const had = await killUnderLoad(gateway, `Round ${round}`, random.between(100, 300), random);
      gateway = await startGateway(scene, simulator, { home });
      const rows = await callsInLedger(gateway);
      assert.ok(rows >= told, `the ledger told of ${told} calls, and has ${rows}`);
      const { requests } = simulator.stats();
      for (const [prompt, words] of had) {
        const again = await ask(gateway.url, { prompt, headers: { 'cache-control': 'only-if-cached' } });
        assert.equal(again.cache, 'HIT', `${prompt}: ${again.raw}`);
        assert.equal(again.words, words);
      }
      assert.equal(simulator.stats().requests, requests);
      kept += had.size;
    }
    assert.deepEqual(await failedChecks(gateway), []);
    return `killed ${rounds} times under ${callers} callers: ${kept} of ${kept} ended answers were hits afterwards; diagnosis: no failure`;
  },
};
