import assert from 'node:assert/strict';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask } from '../support/ask.ts';
import { startGateway } from '../support/gateway.ts';
import type { Scenario } from '../support/scenario.ts';
import { together, until } from '../support/together.ts';

export const scenario: Scenario = {
  promise:
    'Two servers on one folder share its answers, also while both write, and one that is killed costs the other nothing.',
  test: 'packages/core-cache/test/disk/processes.test.ts',
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator({ faults: ['delay=20'] }));
    const first = await startGateway(scene, simulator);
    const second = await startGateway(scene, simulator, { home: first.home });
    const urls = [first.url, second.url] as const;
    const questions = scene.times(400);
    let later = 0;
    await together(questions, 8, async (index) => {
      const prompt = `Both ${index}`;
      const [one = '', other = ''] = random.chance(0.5) ? urls : urls.toReversed();
      const asked = await ask(one, { prompt, stream: random.chance(0.5) });
      assert.ok(asked.whole && asked.ended, asked.raw);
      const stored = { prompt, headers: { 'cache-control': 'only-if-cached' } };
      let seen = await ask(other, stored);
      // A server under load may still see a slightly older state of the disk.
      if (seen.cache !== 'HIT') later += 1;
      await until(async () => {
        seen = seen.cache === 'HIT' ? seen : await ask(other, stored);
        return seen.cache === 'HIT';
      });
      assert.equal(seen.words, asked.words);
    });
    assert.equal(simulator.stats().requests, questions);
    const killAt = random.between(questions * 0.2, questions * 0.6);
    let dead: Promise<unknown> = Promise.resolve();
    const late = await together(questions, 8, async (index) => {
      const asked = urls.map((url) => ask(url, { prompt: `Late ${index}` }));
      if (index === Math.floor(killAt)) dead = first.end('SIGKILL');
      return (await Promise.all(asked))[1];
    });
    await dead;
    assert.ok(late.every((seen) => seen?.whole));
    return `${questions} questions to one and then the other: ${questions} requests, ${questions} hits, ${later} of them after a moment; one was killed: ${questions} of ${questions} answers by the other`;
  },
};
