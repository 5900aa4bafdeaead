import assert from 'node:assert/strict';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask } from '../support/ask.ts';
import { callsInLedger, failedChecks, type Gateway, startGateway } from '../support/gateway.ts';
import type { Random, Scenario } from '../support/scenario.ts';
import { together } from '../support/together.ts';

const callers = 16;
/** Under load, answers are batched for up to 20 ms before they go to disk, and a busy machine takes longer to write them. */
const settledMs = 250;

interface Had {
  readonly words: string;
  /** Whether it ended long enough before the kill to be on disk. */
  readonly isSettled: boolean;
}

/** Loads the server, kills it after `killAfter` complete answers, and returns the complete answers by prompt. */
async function killUnderLoad(
  { url, end }: Gateway,
  name: string,
  killAfter: number,
  random: Random,
): Promise<Map<string, Had>> {
  const had = new Map<string, { readonly words: string; readonly at: number }>();
  let killedAt = Number.POSITIVE_INFINITY;
  let dead: Promise<unknown> | undefined;
  await together(killAfter + 2 * callers, callers, async (index) => {
    const prompt = `${name}, question ${index}`;
    const stream = random.chance(0.5);
    const { whole, ended, words } = await ask(url, { prompt, stream });
    if (whole && ended) had.set(prompt, { words, at: performance.now() });
    if (had.size === killAfter && dead === undefined) {
      killedAt = performance.now();
      dead = end('SIGKILL');
    }
  });
  await dead;
  return new Map(
    [...had].map(([prompt, { words, at }]) => [prompt, { words, isSettled: at < killedAt - settledMs }]),
  );
}

export const scenario: Scenario = {
  promise:
    'After kill -9 under load the answers that had ended are hits, word for word, but for some of the last 20 ms, which are asked anew; and the ledger has all that it had told.',
  test: 'packages/core-cache/test/disk/kill.test.ts',
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator({ faults: ['delay=5'] }));
    let gateway = await startGateway(scene, simulator);
    const { home } = gateway;
    const rounds = scene.times(8);
    let ended = 0;
    let kept = 0;
    for (let round = 0; round < rounds; round++) {
      const told = await callsInLedger(gateway);
      const had = await killUnderLoad(gateway, `Round ${round}`, random.between(100, 300), random);
      gateway = await startGateway(scene, simulator, { home });
      const rows = await callsInLedger(gateway);
      assert.ok(rows >= told, `the ledger told of ${told} calls, and has ${rows}`);
      const { requests } = simulator.stats();
      for (const [prompt, { words, isSettled }] of had) {
        const again = await ask(gateway.url, { prompt, headers: { 'cache-control': 'only-if-cached' } });
        if (again.cache !== 'HIT' && !isSettled) continue;
        assert.equal(again.cache, 'HIT', `${prompt}: ${again.raw}`);
        assert.equal(again.words, words);
        kept += 1;
      }
      assert.equal(simulator.stats().requests, requests);
      ended += had.size;
    }
    assert.deepEqual(await failedChecks(gateway), []);
    return `killed ${rounds} times under ${callers} callers: ${kept} of ${ended} ended answers were hits afterwards; diagnosis: no failure`;
  },
};
