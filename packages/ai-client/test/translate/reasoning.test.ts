import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../src/json.js';
import { chatRequestToMessages } from '../../src/translate/chat-request.js';
import { translationHeader } from '../../src/translate/notes.js';

function thinkingOf(fields: JsonObject): unknown[] {
  const { body, notes } = chatRequestToMessages({ messages: [{ role: 'user', content: 'Hi' }], ...fields });
  return [body.thinking, body.output_config, translationHeader(notes)];
}

describe('reasoning_effort', () => {
  const none = undefined;
  it.each([
    // Models that count: a budget below max_tokens.
    ['claude-haiku-4-5', 'low', { type: 'enabled', budget_tokens: 4_096 }, none, none],
    ['claude-haiku-4-5', 'minimal', { type: 'enabled', budget_tokens: 1_024 }, none, none],
    ['claude-haiku-4-5', 'none', none, none, none],
    // Models that decide by themselves: an effort.
    ['claude-opus-4-6', 'high', { type: 'adaptive' }, { effort: 'high' }, none],
    ['claude-opus-4-6', 'xhigh', { type: 'adaptive' }, { effort: 'high' }, 'reasoning_effort=changed'],
    ['claude-opus-4-7', 'xhigh', { type: 'adaptive' }, { effort: 'xhigh' }, none],
    ['claude-opus-4-7', 'none', none, none, none],
    ['claude-opus-5', 'minimal', { type: 'adaptive' }, { effort: 'low' }, 'reasoning_effort=changed'],
    ['claude-opus-5', 'none', { type: 'disabled' }, none, none],
    ['claude-of-tomorrow-9', 'max', { type: 'adaptive' }, { effort: 'max' }, none],
  ])('for %s and %s', (model, reasoning_effort, thinking, config, note) => {
    expect(thinkingOf({ model, reasoning_effort })).toEqual([thinking, config, note]);
  });

  it('leaves room for the answer, and does without thinking where there is none', () => {
    const model = 'claude-sonnet-4-5';
    expect(thinkingOf({ model, reasoning_effort: 'high', max_tokens: 2_000 })[0]).toEqual({
      type: 'enabled',
      budget_tokens: 1_600,
    });
    expect(thinkingOf({ model, reasoning_effort: 'high', max_tokens: 1_000 })).toEqual([
      none,
      none,
      'reasoning_effort=omitted',
    ]);
  });

  it('does without thinking where a client has left out that of the calls it answers', () => {
    const calls = [{ id: 'a', type: 'function', function: { name: 'look', arguments: '{}' } }];
    const asked = (fields: JsonObject): unknown =>
      thinkingOf({
        model: 'claude-haiku-4-5',
        reasoning_effort: 'low',
        messages: [
          { role: 'user', content: 'Go' },
          { role: 'assistant', content: null, tool_calls: calls, ...fields },
          { role: 'tool', tool_call_id: 'a', content: 'x' },
        ],
      });
    expect(asked({})).toEqual([none, none, 'reasoning_effort=omitted']);
    const reasoning_details = [{ type: 'thinking', thinking: 'Hm.', signature: 's', index: 0 }];
    expect(asked({ reasoning_details })).toEqual([{ type: 'enabled', budget_tokens: 4_096 }, none, none]);
  });

  it('does without thinking where a call is forced, which older models do not think about', () => {
    const tools = [{ type: 'function', function: { name: 'look' } }];
    const asked = (model: string, tool_choice: JsonValue): unknown =>
      thinkingOf({ model, reasoning_effort: 'high', tools, tool_choice });
    const named = { type: 'function', function: { name: 'look' } };
    for (const choice of ['required', named]) {
      expect(asked('claude-haiku-4-5', choice)).toEqual([none, none, 'reasoning_effort=omitted']);
      expect(asked('claude-opus-4-7', choice)).toEqual([
        none,
        { effort: 'high' },
        'reasoning_effort=changed',
      ]);
      expect(asked('claude-opus-4-8', choice)).toEqual([{ type: 'adaptive' }, { effort: 'high' }, none]);
      expect(asked('claude-opus-5', choice)).toEqual([{ type: 'adaptive' }, { effort: 'high' }, none]);
    }
    expect(asked('claude-haiku-4-5', 'auto')).toEqual([
      { type: 'enabled', budget_tokens: 24_576 },
      none,
      none,
    ]);
  });

  it.each(['claude-haiku-4-5', 'claude-opus-4-6', 'claude-3-7-sonnet-latest'])(
    'leaves no sampling that forbids %s to think',
    (model) => {
      const asked = (fields: JsonObject): unknown[] => {
        const { body, notes } = chatRequestToMessages({
          model,
          messages: [{ role: 'user', content: 'Hi' }],
          ...fields,
        });
        return [body.temperature, body.top_p, translationHeader(notes)];
      };
      const effort = { reasoning_effort: 'low' };
      expect(asked({ ...effort, temperature: 0.2 })).toEqual([none, none, 'temperature=omitted']);
      expect(asked({ ...effort, top_p: 0.5 })).toEqual([none, none, 'top_p=omitted']);
      expect(asked({ ...effort, temperature: 1 })).toEqual([1, none, none]);
      expect(asked({ ...effort, top_p: 0.95 })).toEqual([none, 0.95, none]);
      expect(asked({ thinking: { type: 'adaptive' }, temperature: 0.2 })[0]).toBeUndefined();
      expect(asked({ thinking: { type: 'disabled' }, temperature: 0.2 })).toEqual([0.2, none, none]);
      expect(asked({ reasoning_effort: 'none', temperature: 0.2 })).toEqual([0.2, none, none]);
    },
  );

  it('is refused where a model cannot do without, or where it is said twice', () => {
    const ask = (fields: JsonObject) => () => thinkingOf({ model: 'claude-fable-5-1', ...fields });
    expect(ask({ reasoning_effort: 'none' })).toThrow('always thinks');
    expect(ask({ reasoning_effort: 'low', output_config: { effort: 'high' } })).toThrow(
      'output_config.effort',
    );
    expect(ask({ reasoning_effort: 3 })).toThrow('reasoning_effort');
    expect(ask({ model: 'claude-haiku-4-5', reasoning_effort: 'huge' })).toThrow('"huge"');
  });

  it('goes together with thinking that the caller configures', () => {
    const thinking = { type: 'adaptive', display: 'summarized' };
    expect(thinkingOf({ model: 'claude-opus-5', reasoning_effort: 'low', thinking })).toEqual([
      thinking,
      { effort: 'low' },
      none,
    ]);
    const budget = { type: 'enabled', budget_tokens: 2_000 };
    expect(thinkingOf({ model: 'claude-haiku-4-5', reasoning_effort: 'low', thinking: budget })).toEqual([
      budget,
      none,
      'reasoning_effort=omitted',
    ]);
  });
});
