import { createSimulator } from '@ai-toolkit/llm-simulator';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { anthropicProvider, createAiClient } from '../../src/index.js';
import { chat, run } from '../support/run-exchange.js';
import { createStage, type Stage } from '../support/stage.js';

const claude = { model: 'claude-opus-5' };

/** A pipeline that knows Anthropic, played by a simulator. */
async function createAnthropic(): Promise<Stage> {
  const simulator = await createSimulator();
  const stage = await createStage({
    maxRetries: 0,
    providers: [anthropicProvider(simulator.anthropicBaseUrl, 'key')],
  });
  await stage.simulator.close();
  return {
    ...stage,
    simulator,
    [Symbol.asyncDispose]: async () => {
      await stage[Symbol.asyncDispose]();
      await simulator.close();
    },
  };
}

function routes({ simulator }: Stage): string[] {
  return simulator.requests().map(({ path }) => path);
}

describe('chat completions of an Anthropic model', () => {
  it('are asked for in its own words, and kept as chat completions in both shapes', async () => {
    await using stage = await createAnthropic();
    const streamed = await run(stage.pipeline, chat('tide', { ...claude, stream: true }));
    const body = await run(stage.pipeline, chat('tide', claude));
    expect([streamed.head?.cache, body.head?.cache]).toEqual(['miss', 'hit']);
    expect(streamed.text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(JSON.parse(body.text)).toMatchObject({
      object: 'chat.completion',
      choices: [{ finish_reason: 'stop', message: { role: 'assistant' } }],
    });
    expect(routes(stage)).toEqual(['/v1/messages']);
    const { usage } = stage.records[0] ?? {};
    expect(usage?.outputTokens).toBe(stage.simulator.stats().tokens.output);
  });

  it('say what was left out, and refuse what has no words there before anybody is asked', async () => {
    await using stage = await createAnthropic();
    const noted = await run(stage.pipeline, chat('tide', { ...claude, seed: 7 }));
    expect(noted.head?.translation).toBe('seed=omitted');
    const refused = await run(stage.pipeline, chat('tide', { ...claude, n: 2 }));
    expect(refused.error).toMatchObject({
      code: 'AI_REQUEST_INVALID',
      message: expect.stringContaining('n'),
    });
    expect(routes(stage)).toHaveLength(1);
  });

  it('keep the temperature where the model takes only one of it and top_p, also of the client', async () => {
    await using stage = await createAnthropic();
    const sampled = { model: 'claude-sonnet-4-5', temperature: 0.2, top_p: 0.9 };
    const noted = await run(stage.pipeline, chat('tide', sampled));
    expect(noted.head).toMatchObject({ status: 200, translation: 'top_p=omitted' });
    const client = createAiClient({ pipeline: stage.pipeline, model: 'claude-sonnet-4-5' });
    expect(await client.generate('ebb', { temperature: 0.2, topP: 0.9 })).toMatchObject({
      translation: 'top_p=omitted',
    });
    for (const { body } of stage.simulator.requests()) {
      expect(body).toMatchObject({ temperature: 0.2 });
      expect(body).not.toHaveProperty('top_p');
    }
  });

  it('give its errors in the form of chat completions', async () => {
    await using stage = await createAnthropic();
    stage.simulator.setFaults('status=529; error=overloaded_error');
    const outcome = await run(stage.pipeline, chat('busy', claude));
    expect(outcome.head?.status).toBeGreaterThanOrEqual(500);
    expect(JSON.parse(outcome.text).error).toMatchObject({ message: expect.any(String) });
  });

  it('work under the OpenAI SDK that points at Anthropic, tools included', async () => {
    await using stage = await createAnthropic();
    const openai = new OpenAI({
      apiKey: 'key',
      baseURL: `${stage.simulator.anthropicBaseUrl}/v1`,
      fetch: stage.pipeline.fetch,
      maxRetries: 0,
    });
    const completion = await openai.chat.completions.create({
      ...claude,
      messages: [{ role: 'user', content: 'Weather in Oslo?' }],
      tools: [
        {
          type: 'function',
          function: {
            name: 'weather',
            parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
          },
        },
      ],
      tool_choice: { type: 'function', function: { name: 'weather' } },
    });
    const [call] = completion.choices[0]?.message.tool_calls ?? [];
    expect(call).toMatchObject({ type: 'function', function: { name: 'weather' } });
    expect(routes(stage)).toEqual(['/v1/messages']);
  });
});
