import assert from 'node:assert/strict';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask } from '../support/ask.ts';
import { callsUnderWay, startGateway } from '../support/gateway.ts';
import type { Scenario } from '../support/scenario.ts';
import { until } from '../support/together.ts';

/** A long drain: most streams queue first, since the limiter starts cautiously with an unknown provider. */
const config = '[server]\ndrainMs = 120000\n';

export const scenario: Scenario = {
  promise: 'SIGTERM lets open streams end, sends newcomers away with 503, and the exit code is 0.',
  test: 'apps/server/test/shutdown.test.ts',
  async run(scene) {
    const { random } = scene;
    const simulator = scene.use(await createSimulator({ faults: ['chunk-delay=20'] }));
    const gateway = await startGateway(scene, simulator, { config });
    const count = scene.times(80);
    const asked = Array.from({ length: count }, (_, index) =>
      ask(gateway.url, {
        prompt: `Stream ${index} [simulator-answer: tokens=300; chunks=${random.between(60, 100)}]`,
        stream: true,
        surface: random.chance(0.5) ? 'chat' : 'messages',
      }),
    );
    await until(async () => (await callsUnderWay(gateway)) === count);
    const ended = gateway.end('SIGTERM');
    await until(async () => (await fetch(`${gateway.url}/readyz`)).status === 503);
    const late = await ask(gateway.url, { prompt: 'Too late' });
    assert.equal(late.status, 503);
    const seen = await Promise.all(asked);
    assert.ok(seen.every(({ whole }) => whole));
    assert.equal(await ended, 0);
    return `${count} of ${count} streams ended whole, a newcomer got 503, exit code 0`;
  },
};
