import { describe, expect, it } from 'vitest';
import { readBody, readEvent } from '../../../src/views/playground/read-answer.js';

describe('an event of a stream', () => {
  it.each([
    ['chat', { choices: [{ delta: { content: 'a' } }] }, { text: 'a' }],
    ['chat', { choices: [{ delta: { refusal: 'no' } }] }, { text: 'no' }],
    [
      'chat',
      { choices: [], usage: { prompt_tokens: 3, completion_tokens: 2 }, x_ai_toolkit: { cost_usd: 0.1 } },
      { inputTokens: 3, outputTokens: 2, costUsd: 0.1 },
    ],
    ['chat', { error: { message: 'Broke.' } }, { problem: 'Broke.' }],
    ['responses', { type: 'response.output_text.delta', delta: 'a' }, { text: 'a' }],
    [
      'responses',
      { type: 'response.completed', response: { usage: { input_tokens: 3, output_tokens: 2 } } },
      { inputTokens: 3, outputTokens: 2 },
    ],
    ['responses', { type: 'response.failed', response: { error: { message: 'No.' } } }, { problem: 'No.' }],
    ['responses', { type: 'error', message: 'No.' }, { problem: 'No.' }],
    ['messages', { type: 'content_block_delta', delta: { type: 'text_delta', text: 'a' } }, { text: 'a' }],
    ['messages', { type: 'message_start', message: { usage: { input_tokens: 3 } } }, { inputTokens: 3 }],
    ['messages', { type: 'message_delta', delta: {}, usage: { output_tokens: 2 } }, { outputTokens: 2 }],
    ['messages', { type: 'error', error: { type: 'x', message: 'No.' } }, { problem: 'No.' }],
  ] as const)('of %s: %j', (surface, event, part) => {
    expect(readEvent(surface, JSON.stringify(event))).toEqual(part);
  });

  it('adds nothing when it is not known', () => {
    for (const surface of ['chat', 'responses', 'messages'] as const)
      for (const data of ['[DONE]', '', 'no json', 'null', '[]', '{"choices":[null]}'])
        expect(readEvent(surface, data), `${surface} ${data}`).toEqual({});
  });
});

describe('a body', () => {
  it.each([
    [
      'chat',
      { choices: [{ message: { content: 'a' } }], usage: { prompt_tokens: 3, completion_tokens: 2 } },
      { text: 'a', inputTokens: 3, outputTokens: 2 },
    ],
    [
      'responses',
      {
        output: [{ type: 'reasoning' }, { content: [{ text: 'a' }, { text: 'b' }] }],
        usage: { input_tokens: 3, output_tokens: 2 },
      },
      { text: 'ab', inputTokens: 3, outputTokens: 2 },
    ],
    [
      'messages',
      { content: [{ type: 'text', text: 'a' }], usage: { input_tokens: 3, output_tokens: 2 } },
      { text: 'a', inputTokens: 3, outputTokens: 2 },
    ],
  ] as const)('of %s', (surface, body, part) => {
    expect(readBody(surface, JSON.stringify(body))).toEqual(part);
  });
});
