import { type } from 'arktype';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createAiClient } from '../../src/index.js';
import { createStage } from '../support/stage.js';
import { rejection } from './support/all.js';
import { calling, createScriptedProvider } from './support/scripted-provider.js';

const model = 'gpt-4o-mini';
const weather = {
  name: 'get_weather',
  description: 'The weather of a city.',
  parameters: z.object({ city: z.string() }),
} as const;
const time = { name: 'get_time', parameters: type({ zone: 'string' }) } as const;

describe('callFunction', () => {
  it('has the one function called, with arguments that passed their schema', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model });
    const call = await client.callFunction('And in Lisbon?', weather, { system: 'Be quick.' });
    expect(call).toMatchObject({
      name: 'get_weather',
      arguments: { city: 'Lisbon' },
      generation: { cache: 'miss' },
      rejected: [],
    });
    expect(stage.simulator.requests().at(-1)?.body).toMatchObject({
      messages: [{ role: 'system', content: 'Be quick.' }, { role: 'user' }],
      tools: [
        {
          type: 'function',
          function: {
            name: 'get_weather',
            description: 'The weather of a city.',
            strict: true,
            parameters: { type: 'object', required: ['city'], additionalProperties: false },
          },
        },
      ],
      tool_choice: { type: 'function', function: { name: 'get_weather' } },
      parallel_tool_calls: false,
    });
    const again = await client.callFunction('And in Lisbon?', weather, { system: 'Be quick.' });
    expect(again).toMatchObject({ arguments: call.arguments, generation: { cache: 'hit' } });
  });

  it('has one of several called', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model });
    const call = await client.callFunction('What time is it?', [weather, time]);
    expect(call.name).toBe('get_time');
    expect(stage.simulator.requests().at(-1)?.body).toMatchObject({ tool_choice: 'required' });
  });

  it('sends back what is wrong, with a result for each call', async () => {
    await using provider = await createScriptedProvider(
      calling('get_wether', '{}', 'call_1'),
      calling('get_weather', '{"city": ', 'call_2'),
      calling('get_weather', '{"city":7}', 'call_3'),
      { content: 'It is sunny.' },
      calling('get_weather', '{"city":"Lisbon"}', 'call_5'),
    );
    const client = createAiClient({ pipeline: provider.pipeline, model });
    const call = await client.callFunction('Lisbon?', weather, { repairs: 4 });
    expect(call.arguments).toEqual({ city: 'Lisbon' });
    expect(call.rejected).toHaveLength(4);
    expect(provider.requests.at(-1)?.messages).toMatchObject(
      [
        { role: 'user' },
        { role: 'assistant', tool_calls: [{ id: 'call_1' }] },
        { role: 'tool', tool_call_id: 'call_1', content: /no function "get_wether"/ },
        { role: 'assistant', tool_calls: [{ id: 'call_2', function: { arguments: '{"city": ' } }] },
        { role: 'tool', tool_call_id: 'call_2', content: /not JSON/ },
        { role: 'assistant', tool_calls: [{ id: 'call_3' }] },
        { role: 'tool', tool_call_id: 'call_3', content: /city: Invalid input: expected string/ },
        { role: 'assistant', content: 'It is sunny.' },
        { role: 'user', content: /No function was called/ },
      ].map((message) =>
        'content' in message && message.content instanceof RegExp
          ? { ...message, content: expect.stringMatching(message.content) }
          : message,
      ),
    );
  });

  it('fails when there is no valid call', async () => {
    await using provider = await createScriptedProvider(calling('get_weather', '{"city":7}'));
    const client = createAiClient({ pipeline: provider.pipeline, model });
    expect(await rejection(client.callFunction('Lisbon?', weather))).toMatchObject({
      code: 'AI_OUTPUT_INVALID',
      output: '{"city":7}',
      message: expect.stringContaining('city: Invalid input'),
    });
    await using refusing = await createScriptedProvider({ refusal: 'No.' });
    const other = createAiClient({ pipeline: refusing.pipeline, model });
    expect(await rejection(other.callFunction('Lisbon?', weather))).toMatchObject({ output: 'No.' });
    expect(refusing.requests).toHaveLength(1);
  });

  it('refuses functions that no provider would take', async () => {
    await using stage = await createStage();
    const client = createAiClient({ pipeline: stage.pipeline, model });
    const list = { name: 'list', parameters: z.array(z.string()) };
    const silent = { name: 'silent', parameters: v.object({ a: v.string() }) };
    for (const wrong of [list, silent]) {
      await expect(client.callFunction('x', wrong)).rejects.toThrow(
        `parameters of "${wrong.name}" must have`,
      );
    }
    await expect(client.callFunction('x', [])).rejects.toThrow(TypeError);
    expect(stage.simulator.requests()).toEqual([]);
  });
});
