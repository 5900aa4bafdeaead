import { describe, expect, it } from 'vitest';
import { isPlainAnswer } from '../../src/semantic/plain-answer.js';
import { readQuestion } from '../../src/semantic/question.js';

const user = (content: unknown): Record<string, unknown> => ({ role: 'user', content });
// biome-ignore format: a table
const chat = (...messages: unknown[]) => JSON.parse(JSON.stringify({ model: 'm', messages }));

describe('readQuestion', () => {
  it('takes the text of the last message out of the rest', () => {
    const system = { role: 'system', content: 'Be brief.' };
    expect(readQuestion('chat', chat(system, user('Why?')))).toEqual({
      text: 'Why?',
      rest: chat(system, user('')),
    });
    const part = { type: 'text', text: 'Why?', cache_control: { type: 'ephemeral' } };
    expect(readQuestion('messages', chat(user([part])))).toEqual({
      text: 'Why?',
      rest: chat(user([{ ...part, text: '' }])),
    });
    expect(readQuestion('responses', { model: 'm', input: 'Why?' })).toEqual({
      text: 'Why?',
      rest: { model: 'm', input: '' },
    });
    const item = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Why?' }] };
    expect(readQuestion('responses', { input: [item] })?.text).toBe('Why?');
  });

  it.each([
    [
      'an image',
      chat(
        user([
          { type: 'text', text: 'What is it?' },
          { type: 'image_url', image_url: {} },
        ]),
      ),
    ],
    ['an image in an earlier turn', chat(user([{ type: 'image' }]), user('What is it?'))],
    [
      'two texts',
      chat(
        user([
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ]),
      ),
    ],
    ['the result of a tool', chat(user('a'), { role: 'tool', content: 'b', tool_call_id: 'c' })],
    ['an earlier call of a tool', chat({ role: 'assistant', content: '', tool_calls: [{}] }, user('b'))],
    ['a tool result among its parts', chat(user([{ type: 'tool_result', content: 'x' }]))],
    ['a prefilled answer', chat(user('a'), { role: 'assistant', content: 'It' })],
    ['an empty text', chat(user(' '))],
    ['no messages', chat()],
    ['a seed', { ...chat(user('a')), seed: 1 }],
    ['several choices', { ...chat(user('a')), n: 2 }],
    ['token probabilities', { ...chat(user('a')), logprobs: true }],
  ])('leaves alone a request with %s', (_name, request) => {
    expect(readQuestion('chat', request)).toBeUndefined();
  });

  it('knows no question in embeddings, nor in the output of a function', () => {
    expect(readQuestion('embeddings', { model: 'm', input: 'a' })).toBeUndefined();
    const output = { type: 'function_call_output', call_id: 'a', output: 'b' };
    expect(readQuestion('responses', { input: [output] })).toBeUndefined();
  });
});

describe('isPlainAnswer', () => {
  const said = { message: { role: 'assistant', content: 'Hi', refusal: null, annotations: [] } };
  it.each([
    ['chat', { choices: [said] }, true],
    ['chat', { choices: [said, said] }, false],
    ['chat', { choices: [{ message: { content: 'Hi', tool_calls: [{ id: 'a' }] } }] }, false],
    ['chat', { choices: [{ message: { content: null, refusal: 'No.' } }] }, false],
    ['messages', { content: [{ type: 'thinking' }, { type: 'text', text: 'Hi' }] }, true],
    ['messages', { content: [{ type: 'text', text: 'Hi' }, { type: 'tool_use' }] }, false],
    ['messages', { content: [{ type: 'text', text: 'No.' }], stop_reason: 'refusal' }, false],
    ['responses', { output: [{ type: 'message', content: [{ type: 'output_text' }] }] }, true],
    ['responses', { output: [{ type: 'message', content: [{ type: 'refusal' }] }] }, false],
    ['responses', { output: [{ type: 'function_call' }] }, false],
    ['embeddings', { data: [] }, false],
  ] as const)('of %s %j: %s', (surface, body, plain) => {
    expect(isPlainAnswer(surface, JSON.parse(JSON.stringify(body)))).toBe(plain);
  });
});
