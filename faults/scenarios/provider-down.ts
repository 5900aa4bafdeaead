import assert from 'node:assert/strict';
import { createSimulator } from '@ai-toolkit/llm-simulator';
import { ask, assertAllWhole } from '../support/ask.ts';
import { startGateway } from '../support/gateway.ts';
import type { Scenario } from '../support/scenario.ts';
import { together, until } from '../support/together.ts';

const config = `
[[routes]]
model = "fast"
targets = [{ provider = "openai-compatible", model = "gpt-4o-mini" }]
fallbacks = [{ provider = "anthropic", model = "claude-haiku-4-5" }]
`;

export const scenario: Scenario = {
  promise:
    'While a provider is down its fallback answers every call, and hardly anything is sent to the one that is down; when it is back it is asked again by itself.',
  test: 'packages/ai-client/test/routing/router.test.ts',
  async run(scene) {
    const { random } = scene;
    const [first, second] = [scene.use(await createSimulator()), scene.use(await createSimulator())];
    const gateway = await startGateway(
      scene,
      { openaiBaseUrl: first.openaiBaseUrl, anthropicBaseUrl: second.anthropicBaseUrl },
      { config },
    );
    const asks = (
      name: string,
      count: number,
    ): ReturnType<typeof together<Awaited<ReturnType<typeof ask>>>> =>
      together(count, 8, (index) =>
        ask(gateway.url, { prompt: `${name} ${index}`, model: 'fast', stream: random.chance(0.5) }),
      );
    const calls = scene.times(400);
    await asks('Well', calls);
    assert.equal(second.stats().requests, 0);
    const { requests } = first.stats();
    first.setFaults('status=503');
    const seen = await asks('Down', calls);
    assertAllWhole(seen);
    const sent = first.stats().requests - requests;
    assert.ok(sent < calls, `${sent} requests to a provider that is down`);
    first.clearFaults();
    let tries = 0;
    await until(async () => {
      const before = first.stats().routes['chat.completions']?.ok ?? 0;
      await ask(gateway.url, { prompt: `Back ${tries++}`, model: 'fast' });
      return (first.stats().routes['chat.completions']?.ok ?? 0) > before;
    });
    return `${calls} calls while it was down: ${calls} answers by the fallback, ${sent} requests to the one that was down; asked again by itself when it was back`;
  },
};
