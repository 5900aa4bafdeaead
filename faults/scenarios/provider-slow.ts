import assert from 'node:assert/strict';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask } from '../support/ask.ts';
import { callsUnderWay, startGateway } from '../support/gateway.ts';
import type { Scenario } from '../support/scenario.ts';
import { together, until } from '../support/together.ts';

export const scenario: Scenario = {
  promise: 'A slow provider slows down nobody who does not need it: answers that are known come meanwhile.',
  async run(scene) {
    const simulator = scene.use(await createSimulator());
    const gateway = await startGateway(scene, simulator);
    const known = scene.times(40);
    const question = (index: number): string => `Known ${index}`;
    await together(known, 8, (index) => ask(gateway.url, { prompt: question(index) }));
    const waiting = scene.times(100);
    simulator.setFaults('delay=60000');
    const leave = new AbortController();
    const slow = Array.from({ length: waiting }, (_, index) =>
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        signal: leave.signal,
        body: JSON.stringify({ model: 'slow-model', messages: [{ role: 'user', content: `Slow ${index}` }] }),
      }).catch(() => 'left'),
    );
    await until(async () => (await callsUnderWay(gateway)) === waiting);
    const asked = scene.times(2000);
    const seen = await together(asked, 16, (index) =>
      ask(gateway.url, { prompt: question(index % known), stream: scene.random.chance(0.5) }),
    );
    assert.ok(seen.every(({ cache, whole }) => cache === 'HIT' && whole));
    assert.equal(await callsUnderWay(gateway), waiting, 'the slow calls are all still waiting');
    leave.abort();
    assert.ok((await Promise.all(slow)).every((end) => end === 'left'));
    await until(async () => (await callsUnderWay(gateway)) === 0 && simulator.stats().inFlight === 0);
    return `${waiting} calls waiting for the provider or their turn, ${asked} hits answered meanwhile; after their callers left: 0 waiting`;
  },
};
