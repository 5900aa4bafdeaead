import { describe, expect, it } from 'vitest';
import { worstCase } from '../../src/keys/worst-case.js';

describe('the worst case of a request', () => {
  it.each([
    ['chat', { max_tokens: 50 }, 50],
    ['chat', { max_completion_tokens: 70, max_tokens: 50 }, 70],
    ['chat', { max_completion_tokens: 1, max_tokens: 50 }, 50],
    ['chat', { max_tokens: 50, n: 3 }, 150],
    ['chat', { max_tokens: null }, 16_384],
    ['chat', { max_tokens: -5, n: -1 }, 16_384],
    ['chat', { max_tokens: '5' }, 16_384],
    ['chat', { model: 'gpt-5-mini' }, 128_000],
    ['chat', { model: 'openai/o3-mini' }, 100_000],
    ['chat', { max_output_tokens: 5 }, 16_384],
    ['responses', { max_output_tokens: 80, max_tokens: 5 }, 80],
    ['messages', { max_tokens: 90 }, 90],
    ['embeddings', { max_tokens: 90 }, 0],
  ] as const)('%s, %j: at most %d tokens of output', (surface, body, outputTokens) => {
    expect(worstCase(surface, body, 100)).toEqual({ inputTokens: 100, outputTokens });
  });

  it('counts what a request only refers to', () => {
    const image = { type: 'image_url', image_url: { url: 'https://a.example/b.png' } };
    const body = {
      messages: [{ role: 'user', content: [image, image, { type: 'text', text: 'image_url' }] }],
    };
    expect(worstCase('chat', body, 100).inputTokens).toBe(100_100);
    const input = [{ role: 'user', content: [{ type: 'input_file', file_id: 'x' }] }];
    expect(worstCase('responses', { input }, 100).inputTokens).toBe(200_100);
  });

  it('bears a body that is nested as deep as can be', () => {
    let deep: unknown = [];
    for (let level = 0; level < 200_000; level++) deep = [deep];
    expect(worstCase('chat', { messages: deep }, 5).inputTokens).toBe(5);
  });
});
