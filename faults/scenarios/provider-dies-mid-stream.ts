import assert from 'node:assert/strict';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask, type Question } from '../support/ask.ts';
import { startGateway } from '../support/gateway.ts';
import type { Scenario } from '../support/scenario.ts';
import { together, until } from '../support/together.ts';

export const scenario: Scenario = {
  promise:
    'A provider that dies in the middle of a stream is told to the caller by an error frame, never by a clean end, and nothing of it is stored.',
  test: 'packages/ai-client/test/fault-matrix.test.ts',
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator());
    const gateway = await startGateway(scene, simulator);
    const questions = Array.from(
      { length: scene.times(60) },
      (_, index): Question => ({
        prompt: `Tide ${index} [simulator-answer: tokens=200; chunks=20]`,
        stream: true,
        surface: random.chance(0.5) ? 'chat' : 'messages',
      }),
    );
    // Each stream is cut at a random place after its first events and before its last ones.
    simulator.setFaults(...questions.map(() => `cut-after=${random.between(3, 15)}; times=1`));
    const cut = await Promise.all(questions.map((question) => ask(gateway.url, question)));
    for (const { status, whole, failed, raw } of cut) {
      assert.equal(status, 200, raw);
      assert.ok(failed && !whole, `A stream that was cut off ended so: ${raw.slice(-300)}`);
    }
    simulator.clearFaults();
    // After so many failures the provider's circuit is open for a while.
    await until(async () => {
      const seen = await Promise.all(
        (['chat', 'messages'] as const).map((surface) => ask(gateway.url, { prompt: 'Up again?', surface })),
      );
      return seen.every(({ whole }) => whole);
    });
    const again = await together(questions.length, 8, (index) =>
      ask(gateway.url, questions[index] as Question),
    );
    for (const { cache, whole, raw } of again) {
      assert.ok(whole, raw.slice(-300));
      assert.equal(cache, 'MISS');
    }
    return `${cut.length} streams cut off: ${cut.length} error frames, 0 clean ends, 0 stored`;
  },
};
