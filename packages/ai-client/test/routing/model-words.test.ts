import { createSimulator } from '@ai-toolkit/llm-simulator';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { createAiClient, createPipeline, openaiProvider } from '../../src/index.js';
import { chat, run } from '../support/run-exchange.js';

async function sent(
  work: (pipeline: ReturnType<typeof createPipeline>) => Promise<unknown>,
): Promise<unknown> {
  await using simulator = await createSimulator();
  await using pipeline = createPipeline({
    providers: [openaiProvider(simulator.openaiBaseUrl, 'key', 'mine')],
    routes: [
      { model: 'fast', targets: [{ provider: 'mine', model: 'gpt-5-mini' }] },
      { model: 'careful', targets: [{ provider: 'mine', model: 'o3' }] },
      { model: 'plain', targets: [{ provider: 'mine', model: 'gpt-4o' }] },
    ],
  });
  await work(pipeline);
  return simulator.requests().at(-1)?.body;
}

it.each(['fast', 'mine/gpt-5-mini'])(
  'the limit of an answer goes by the name that the model knows: %s',
  async (model) => {
    const limited = await sent((pipeline) =>
      createAiClient({ pipeline }).generate('Hi', { model, maxTokens: 9 }),
    );
    expect(limited).toMatchObject({ model: 'gpt-5-mini', max_completion_tokens: 9 });
    expect(limited).not.toHaveProperty('max_tokens');
  },
);

it('a model is not told to call one by one that never does otherwise', async () => {
  const parameters = z.object({ city: z.string() });
  const asked = await sent((pipeline) =>
    createAiClient({ pipeline }).callFunction(
      'Rain in Porto?',
      { name: 'look', parameters },
      { model: 'careful' },
    ),
  );
  expect(asked).toMatchObject({ model: 'o3', tools: [{}] });
  expect(asked).not.toHaveProperty('parallel_tool_calls');
});

it('nothing else of a request changes with the name of its model', async () => {
  for (const [model, body] of [
    ['plain', { max_tokens: 9, parallel_tool_calls: false }],
    ['fast', { max_tokens: 9, max_completion_tokens: 8 }],
    ['fast', { max_tokens: null }],
    // Who names the model itself knows its words, or is told by it.
    ['gpt-5-mini', { max_tokens: 9 }],
    ['o3', { parallel_tool_calls: false }],
  ] as const)
    expect(await sent((pipeline) => run(pipeline, chat('Hi', { model, ...body })))).toMatchObject(body);
});

it('the key is that of what is asked', async () => {
  await sent(async (pipeline) => {
    const alias = await pipeline.explain(chat('Hi', { model: 'fast', max_tokens: 9 }));
    const itself = await pipeline.explain(chat('Hi', { model: 'gpt-5-mini', max_completion_tokens: 9 }));
    expect(alias.key).toBe(itself.key);
    await run(pipeline, chat('Hi', { model: 'fast' }));
  });
});
