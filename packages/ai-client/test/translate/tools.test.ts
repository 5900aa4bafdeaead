import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/json.js';
import { chatRequestToMessages } from '../../src/translate/chat-request.js';
import { translationHeader } from '../../src/translate/notes.js';

const look = {
  type: 'function',
  function: { name: 'look', description: 'Looks.', parameters: { type: 'object' } },
};

function translate(fields: JsonObject): JsonObject {
  const { body, notes } = chatRequestToMessages({
    model: 'claude-opus-5',
    messages: [{ role: 'user', content: 'Hi' }],
    ...fields,
  });
  const { tools, tool_choice } = body;
  const note = translationHeader(notes);
  return {
    ...(tools === undefined ? {} : { tools }),
    ...(tool_choice === undefined ? {} : { tool_choice }),
    ...(note === undefined ? {} : { note }),
  };
}

describe('tools', () => {
  it('become tools with an input schema; kinds that only Anthropic has pass as they are', () => {
    const search = { type: 'web_search_20260318', name: 'web_search', max_uses: 3 };
    const own = { name: 'own', input_schema: { type: 'object' } };
    const bare = { type: 'function', function: { name: 'now' }, cache_control: { type: 'ephemeral' } };
    expect(translate({ tools: [look, bare, search, own] })).toEqual({
      tools: [
        { name: 'look', description: 'Looks.', input_schema: { type: 'object' } },
        { name: 'now', input_schema: { type: 'object' }, cache_control: { type: 'ephemeral' } },
        search,
        own,
      ],
    });
    expect(translate({ tools: [] })).toEqual({});
  });

  it('are refused whose parameters are no schema: the model would not know of them', () => {
    const written = { type: 'function', function: { name: 'look', parameters: '{"type":"object"}' } };
    expect(() => translate({ tools: [written] })).toThrow(
      'tools[0].function.parameters cannot be translated',
    );
  });

  it('are strict where they were, with a schema that Anthropic takes', () => {
    const parameters = { type: 'object', properties: { n: { type: 'integer', minimum: 1 } } };
    const strict = { type: 'function', function: { name: 'f', strict: true, parameters } };
    expect(translate({ tools: [strict] })).toEqual({
      tools: [
        {
          name: 'f',
          strict: true,
          input_schema: {
            type: 'object',
            properties: { n: { type: 'integer', description: 'Constraints: minimum 1.' } },
            additionalProperties: false,
          },
        },
      ],
      note: 'tools[].function.parameters=changed',
    });
    const loose = { type: 'function', function: { name: 'f', strict: false, parameters } };
    expect(translate({ tools: [loose] })).toEqual({ tools: [{ name: 'f', input_schema: parameters }] });
  });

  it.each([
    ['auto', undefined, { type: 'auto' }],
    ['none', undefined, { type: 'none' }],
    ['required', undefined, { type: 'any' }],
    [{ type: 'function', function: { name: 'look' } }, undefined, { type: 'tool', name: 'look' }],
    [{ type: 'any' }, undefined, { type: 'any' }],
    [undefined, true, undefined],
    [undefined, false, { type: 'auto', disable_parallel_tool_use: true }],
    ['required', false, { type: 'any', disable_parallel_tool_use: true }],
    ['none', false, { type: 'none' }],
  ])('choice %j with parallel calls %j is %j', (choice, parallel, expected) => {
    const fields = {
      ...(choice === undefined ? {} : { tool_choice: choice }),
      ...(parallel === undefined ? {} : { parallel_tool_calls: parallel }),
    };
    expect(translate({ tools: [look], ...fields }).tool_choice).toEqual(expected);
  });

  it('keeps silent of a choice among no tools, and refuses one that asks for a call', () => {
    expect(translate({ tool_choice: 'auto', parallel_tool_calls: false })).toEqual({});
    expect(() => translate({ tool_choice: 'required' })).toThrow('tool_choice');
  });

  it('says when the two ways to forbid parallel calls disagree', () => {
    const tool_choice = { type: 'auto', disable_parallel_tool_use: false };
    expect(translate({ tools: [look], tool_choice, parallel_tool_calls: false })).toMatchObject({
      tool_choice,
      note: 'parallel_tool_calls=omitted',
    });
  });

  it.each([
    { tools: 'look' },
    { tools: ['look'] },
    { tools: [{ type: 'function' }] },
    { tools: [{ type: 'custom', custom: { name: 'free' } }] },
    { tools: [look], tool_choice: 'sometimes' },
    { tools: [look], tool_choice: { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } } },
  ])('refuses %j', (fields) => {
    expect(() => translate(fields)).toThrow(/tools|tool_choice/);
  });
});
