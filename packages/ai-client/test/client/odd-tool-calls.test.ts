import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createAiClient, createPipeline, openaiProvider } from '../../src/index.js';
import type { JsonObject } from '../../src/json.js';
import { createOddProvider } from '../support/odd-provider.js';
import { all } from './support/all.js';
import { createScriptedProvider } from './support/scripted-provider.js';

const lisbon = { id: 'a', type: 'function', function: { name: 'weather', arguments: '{"city":"Lisbon"}' } };
const porto = { id: 'b', type: 'function', function: { name: 'time', arguments: '{"city":"Porto"}' } };
const called = [
  { id: 'a', name: 'weather', arguments: { city: 'Lisbon' } },
  { id: 'b', name: 'time', arguments: { city: 'Porto' } },
];

/** What a client makes of deltas with these pieces of tool calls: as a stream, and whole from the cache. */
async function streamed(...pieces: JsonObject[]): Promise<{ events: unknown[]; stored: unknown }> {
  const chunks = pieces.map((piece) => ({ choices: [{ index: 0, delta: { tool_calls: [piece] } }] }));
  const last = { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] };
  const lines = [...chunks, last].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  await using provider = await createOddProvider((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`${lines.join('')}data: [DONE]\n\n`);
  });
  await using pipeline = createPipeline({ providers: [openaiProvider(provider.baseUrl)] });
  const client = createAiClient({ pipeline, model: 'odd-1' });
  const events = await all(client.generateStreaming('Lisbon, Porto?'));
  const { toolCalls, cache } = await client.generate('Lisbon, Porto?');
  expect(cache).toBe('hit');
  return { events, stored: toolCalls };
}

describe('what a server adds to a tool call', () => {
  // Gemini refuses a conversation whose calls have lost the signature of their thought.
  const extra = { extra_content: { google: { thought_signature: 'c2ln' } } };
  const signed = { id: 'a', name: 'weather', arguments: { city: 'Lisbon' }, extra };

  it('is kept, and comes back to it with the call', async () => {
    const { events, stored } = await streamed({ ...lisbon, ...extra });
    expect(stored).toEqual([signed]);
    expect(events.at(-1)).toMatchObject({ generation: { toolCalls: [signed] } });

    await using provider = await createScriptedProvider({ content: 'Sunny.' });
    const client = createAiClient({ pipeline: provider.pipeline, model: 'odd-1' });
    await client.generate([
      { role: 'user', content: 'Lisbon?' },
      { role: 'assistant', content: '', toolCalls: [signed] },
      { role: 'tool', toolCallId: 'a', content: 'Sun' },
    ]);
    expect(provider.requests[0]).toMatchObject({
      messages: [{}, { tool_calls: [{ ...lisbon, ...extra }] }, {}],
    });
  });

  it('comes back also when the arguments are to be corrected', async () => {
    const bad = { tool_calls: [{ ...lisbon, ...extra }], finish_reason: 'tool_calls' };
    const time = { ...porto.function, name: 'weather', arguments: '{"city":5}' };
    const good = { tool_calls: [{ ...porto, function: time }], finish_reason: 'tool_calls' };
    await using provider = await createScriptedProvider(bad, good);
    const client = createAiClient({ pipeline: provider.pipeline, model: 'odd-1' });
    const parameters = z.object({ city: z.number() });
    await client.callFunction('Lisbon?', { name: 'weather', parameters });
    expect(provider.requests[1]).toMatchObject({ messages: [{}, { tool_calls: [extra] }, {}] });
  });
});

describe('tool calls of servers that tell their places wrongly', () => {
  it.each([
    {
      told: '0 for every call, as Ollama does',
      pieces: [lisbon, porto].map((call) => ({ index: 0, ...call })),
    },
    { told: 'nothing, as Gemini does', pieces: [lisbon, porto] },
  ])('keeps calls apart that come with $told', async ({ pieces }) => {
    const { events, stored } = await streamed(...pieces);
    expect(stored).toEqual(called);
    expect(events.slice(0, 2)).toMatchObject([
      { index: 0, id: 'a', name: 'weather', argumentsText: '{"city":"Lisbon"}' },
      { index: 1, id: 'b', name: 'time', argumentsText: '{"city":"Porto"}' },
    ]);
    expect(events.at(-1)).toMatchObject({ generation: { toolCalls: called } });
  });

  it('goes on with the call that was begun last', async () => {
    const begun = (call: typeof lisbon): JsonObject => ({
      index: 0,
      ...call,
      function: { ...call.function, arguments: '{"city":' },
    });
    const rest = (name: string): JsonObject => ({ index: 0, function: { arguments: `"${name}"}` } });
    const { stored } = await streamed(begun(lisbon), rest('Lisbon'), begun(porto), rest('Porto'));
    expect(stored).toEqual(called);
    const { index: _index, ...unplaced } = begun(lisbon);
    const { stored: alone } = await streamed(unplaced, { function: { arguments: '"Lisbon"}' } });
    expect(alone).toEqual(called.slice(0, 1));
  });

  it('takes an id and a name that are repeated with each piece for the same call', async () => {
    const pieces = ['{"city":', '"Lisbon"}'].map((piece) => ({
      index: 0,
      ...lisbon,
      function: { name: 'weather', arguments: piece },
    }));
    const { stored } = await streamed(...pieces);
    expect(stored).toEqual(called.slice(0, 1));
  });
});

describe('tool calls of servers that give arguments as an object', () => {
  const written = { ...lisbon, function: { name: 'weather', arguments: { city: 'Lisbon' } } };

  it('keeps them, in a body', async () => {
    const message = { role: 'assistant', content: null, tool_calls: [written] };
    const answer = { choices: [{ index: 0, message, finish_reason: 'tool_calls' }] };
    await using provider = await createOddProvider((response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
    await using pipeline = createPipeline({ providers: [openaiProvider(provider.baseUrl)] });
    const client = createAiClient({ pipeline, model: 'odd-1' });
    const { toolCalls } = await client.generate('Lisbon?');
    expect(toolCalls).toEqual(called.slice(0, 1));
  });

  it('keeps them, in a stream', async () => {
    const { events, stored } = await streamed({ index: 0, ...written });
    expect(events[0]).toMatchObject({ argumentsText: '{"city":"Lisbon"}' });
    expect(stored).toEqual(called.slice(0, 1));
  });
});

describe('tool calls of servers that write nothing where they have nothing to repeat', () => {
  it.each([null, ''])('keep their id and name behind %j', async (nothing) => {
    const begun = { index: 0, ...lisbon, function: { name: 'weather', arguments: '{"city":' } };
    const rest = {
      index: 0,
      id: nothing,
      type: nothing,
      function: { name: nothing, arguments: '"Lisbon"}' },
    };
    const { events, stored } = await streamed(begun, rest);
    expect(stored).toEqual(called.slice(0, 1));
    expect(events.at(-1)).toMatchObject({ generation: { toolCalls: called.slice(0, 1) } });
  });
});
