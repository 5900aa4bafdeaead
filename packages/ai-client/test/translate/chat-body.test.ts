import { describe, expect, it } from 'vitest';
import { parseExactJson } from '../../src/exact-json.js';
import type { JsonObject } from '../../src/json.js';
import { messagesToChatBody } from '../../src/translate/chat-body.js';

const whole = (fields: JsonObject): JsonObject => ({
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-5',
  content: [{ type: 'text', text: 'Hello', citations: null }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 4 },
  ...fields,
});

function translate(fields: JsonObject): JsonObject {
  return messagesToChatBody(whole(fields), { createdAt: 1_999 });
}

function choiceOf(fields: JsonObject): JsonObject {
  return (translate(fields).choices as JsonObject[])[0] ?? {};
}

describe('messagesToChatBody', () => {
  it('makes a chat completion of a plain answer, and adds nothing that it has no need for', () => {
    expect(translate({})).toEqual({
      id: 'msg_1',
      object: 'chat.completion',
      created: 1,
      model: 'claude-opus-5',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello', refusal: null },
          finish_reason: 'stop',
          native_finish_reason: 'end_turn',
        },
      ],
      usage: {
        prompt_tokens: 3,
        completion_tokens: 4,
        total_tokens: 7,
        prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      },
    });
  });

  it('counts what was read from and written to the cache as prompt, and keeps the rest by its name', () => {
    const usage = {
      input_tokens: 3,
      output_tokens: 40,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 20,
      cache_creation: { ephemeral_1h_input_tokens: 20, ephemeral_5m_input_tokens: 0 },
      output_tokens_details: { thinking_tokens: 30 },
      server_tool_use: null,
    };
    expect(translate({ usage }).usage).toEqual({
      prompt_tokens: 123,
      completion_tokens: 40,
      total_tokens: 163,
      prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 30 },
      cache_creation: { ephemeral_1h_input_tokens: 20, ephemeral_5m_input_tokens: 0 },
    });
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool_calls'],
    ['refusal', 'content_filter'],
    ['pause_turn', 'pause_turn'],
    ['of_tomorrow', 'of_tomorrow'],
  ])('says of %s that it is %s', (stop_reason, finish_reason) => {
    expect(choiceOf({ stop_reason })).toMatchObject({ finish_reason, native_finish_reason: stop_reason });
  });

  it('keeps the matched stop sequence and the words of a refusal', () => {
    const stop_details = { type: 'refusal', category: 'bio', explanation: 'That could do harm.' };
    const choice = choiceOf({ stop_reason: 'refusal', stop_sequence: 'END', stop_details });
    expect(choice).toMatchObject({ stop_sequence: 'END', stop_details });
  });

  it('writes tool calls with their arguments as text, large integers as they came', () => {
    const content =
      '[{"type":"tool_use","id":"a","name":"look","input":{"id":12345678901234567890}},' +
      '{"type":"tool_use","id":"b","name":"now","input":{}}]';
    const message = parseExactJson(content) as JsonObject[];
    expect(choiceOf({ content: message, stop_reason: 'tool_use' })).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: null,
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'look', arguments: '{"id":12345678901234567890}' } },
          { id: 'b', type: 'function', function: { name: 'now', arguments: '{}' } },
        ],
      },
    });
  });

  it('tells thinking as text and, with its signature, as blocks', () => {
    const content = [
      { type: 'thinking', thinking: 'Let me see.', signature: 's1' },
      { type: 'redacted_thinking', data: 'xyz' },
      { type: 'text', text: 'Hello' },
    ];
    expect(choiceOf({ content }).message).toEqual({
      role: 'assistant',
      refusal: null,
      content: 'Hello',
      reasoning_content: 'Let me see.',
      reasoning_details: [
        { type: 'thinking', thinking: 'Let me see.', signature: 's1', index: 0 },
        { type: 'redacted_thinking', data: 'xyz', index: 1 },
      ],
    });
  });

  it('keeps citations, as annotations too where they cite a page', () => {
    const citation = {
      type: 'web_search_result_location',
      url: 'https://a.example/',
      title: 'A',
      cited_text: 'x',
    };
    const content = [
      { type: 'text', text: 'It says ', citations: null },
      { type: 'text', text: 'so.', citations: [citation, { type: 'char_location', cited_text: 'y' }] },
    ];
    expect(choiceOf({ content }).message).toMatchObject({
      content: 'It says so.',
      annotations: [
        {
          type: 'url_citation',
          url_citation: { start_index: 8, end_index: 11, url: 'https://a.example/', title: 'A' },
        },
      ],
      content_details: [
        { type: 'text', index: 0, length: 8 },
        { type: 'text', index: 1, length: 3, citations: [citation, { type: 'char_location' }] },
      ],
    });
  });

  it('keeps fields of the message that chat completions do not know', () => {
    expect(translate({ container: { id: 'c' }, diagnostics: null })).toMatchObject({
      container: { id: 'c' },
    });
    expect(translate({ diagnostics: null })).not.toHaveProperty('diagnostics');
  });
});
