import { expect, it } from 'vitest';
import { ask } from './support/ask.js';
import { createKey } from './support/keys.js';
import { createStage, perOutput } from './support/stage.js';

it('a budget holds for an alias what any of its models may write, whatever its name', async () => {
  await using stage = await createStage({
    config: `
[[routes]]
model = "smart"
targets = [{ model = "gpt-4o-mini" }]
fallbacks = [{ model = "gpt-5-mini" }]
[prices."openai-compatible/gpt-5-mini"]
inputUsd = 0.15
outputUsd = 0.6
`,
  });
  // gpt-5-mini may write 128,000 tokens, gpt-4o-mini 16,384.
  const budget = { usd: 128_000 * perOutput * 0.9, per: 'total' } as const;
  const headers = { authorization: `Bearer ${await createKey(stage.home, { budget })}` };
  for (const [model, status] of [
    ['gpt-5-mini', 429],
    ['smart', 429],
    ['gpt-4o-mini', 200],
  ] as const)
    expect((await ask(stage.url, 'Tides', { model }, headers)).status, model).toBe(status);
});
