import assert from 'node:assert/strict';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask } from '../support/ask.ts';
import { slotsInUse, startGateway } from '../support/gateway.ts';
import type { Scenario } from '../support/scenario.ts';
import { until } from '../support/together.ts';

const config = `
[[routes]]
model = "gpt-4o-mini"
targets = [{ provider = "openai-compatible", idleTimeoutMs = 500 }]
`;

export const scenario: Scenario = {
  promise:
    'A provider that goes silent, before its answer or within it, keeps no caller waiting past the idle timeout, and no slot and no connection stay taken.',
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator());
    const gateway = await startGateway(scene, simulator, { config });
    const count = scene.times(40);
    const faults = Array.from({ length: count }, () =>
      random.chance(0.5) ? 'hang' : `hang-after=${random.between(2, 10)}`,
    );
    const asked = faults.map((fault, index) =>
      ask(gateway.url, {
        prompt: `Silence ${index} [simulator-answer: tokens=200; chunks=20] [simulator-fault: ${fault}]`,
        stream: random.chance(0.7) || fault !== 'hang',
      }),
    );
    const seen = await Promise.all(asked);
    for (const { whole, failed, raw } of seen)
      assert.ok(failed && !whole, `A silent provider looked so: ${raw.slice(-300)}`);
    await until(async () => (await slotsInUse(gateway)) === 0 && simulator.stats().inFlight === 0);
    const heads = seen.filter(({ status }) => status === 200).length;
    return `${count} silent calls: ${count - heads} refused with a status, ${heads} ended by an error frame; slots and connections left: 0`;
  },
};
