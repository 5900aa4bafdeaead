import assert from 'node:assert/strict';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask } from '../support/ask.ts';
import { slotsInUse, startGateway } from '../support/gateway.ts';
import type { Scenario } from '../support/scenario.ts';
import { until } from '../support/together.ts';

export const scenario: Scenario = {
  promise:
    'Who leaves a stream disturbs nobody who shares it; when the last one leaves, the provider is told to stop, and no slot stays taken.',
  test: 'packages/ai-client/test/share.test.ts',
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator({ faults: ['chunk-delay=20'] }));
    const gateway = await startGateway(scene, simulator);
    const count = scene.times(40);
    const prompt = (index: number): string => `Stream ${index} [simulator-answer: tokens=300; chunks=60]`;
    const leave = (): number => random.between(1, 10);
    // Each question has a client that leaves; every other question also has one that stays to the end.
    const asked = Array.from({ length: count }, (_, index) => {
      const leaving = ask(gateway.url, { prompt: prompt(index), stream: true, leaveAfter: leave() });
      const staying = index % 2 === 0 ? ask(gateway.url, { prompt: prompt(index), stream: true }) : undefined;
      return { leaving, staying };
    });
    await Promise.all(asked.map(({ leaving }) => leaving));
    const stayed = await Promise.all(asked.flatMap(({ staying }) => staying ?? []));
    assert.ok(stayed.every(({ whole }) => whole));
    await until(async () => simulator.stats().inFlight === 0 && (await slotsInUse(gateway)) === 0);
    const { abortedStreams, requests } = simulator.stats();
    assert.equal(abortedStreams, count - stayed.length);
    assert.equal(requests, count, 'those who share a question ask the provider once');
    return `${count} left: ${stayed.length} of ${stayed.length} who shared had everything, ${abortedStreams} of ${abortedStreams} others stopped the provider; slots left: 0`;
  },
};
