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

  it.each([
    ['chat', { web_search_options: {} }],
    ['chat', { tools: [{ type: 'function' }, { type: 'openrouter:web_search' }] }],
    ['responses', { previous_response_id: 'resp_1' }],
    ['responses', { conversation: 'conv_1' }],
    ['responses', { conversation: { id: 'conv_1' } }],
    ['responses', { prompt: { id: 'pmpt_1', version: '2' } }],
    [
      'responses',
      {
        input: [
          { role: 'user', content: 'x' },
          { type: 'item_reference', id: 'msg_1' },
        ],
      },
    ],
    ['responses', { input: [{ id: 'msg_1' }] }],
    ['responses', { input: [{ type: null, id: 'msg_1' }] }],
    ['responses', { tools: [{ type: 'function' }, { type: 'file_search', vector_store_ids: ['vs_1'] }] }],
    ['responses', { tools: [{ type: 'web_search' }] }],
    ['responses', { tools: [{ type: 'mcp', server_url: 'https://a.example' }] }],
    ['responses', { tools: [{ type: 'namespace', tools: [{ type: 'web_search' }] }] }],
    ['responses', { input: [{ type: 'additional_tools', tools: [{ type: 'web_search' }] }] }],
    ['messages', { mcp_servers: [{ type: 'url', url: 'https://a.example' }] }],
    ['messages', { container: 'container_1' }],
    ['messages', { thread: 'thread_1' }],
    ['messages', { tools: [{ name: 'add' }, { type: 'web_search_20250305', name: 'web_search' }] }],
    ['messages', { tools: [{ type: 'code_execution_20250825', name: 'code_execution' }] }],
  ] as const)('%s, %j: the provider reads as much as a model can', (surface, body) => {
    expect(worstCase(surface, body, 100).inputTokens).toBe(1_000_100);
  });

  it.each([
    ['chat', { web_search_options: null, tools: [{ type: 'function' }, { type: 'custom' }] }],
    ['chat', { previous_response_id: 'resp_1', container: 'container_1' }],
    ['responses', { previous_response_id: null, conversation: null, prompt: null, tools: null }],
    [
      'responses',
      {
        input: [
          { role: 'user', content: 'x', id: 'msg_1' },
          { type: 'reasoning', id: 'rs_1' },
        ],
      },
    ],
    ['responses', { tools: ['function', 'custom', 'local_shell', 'apply_patch'].map((type) => ({ type })) }],
    ['responses', { tools: [{ type: 'computer' }, { type: 'computer_use_preview' }] }],
    ['responses', { tools: [{ type: 'namespace', tools: [{ type: 'function' }] }] }],
    ['messages', { mcp_servers: [], container: null, tools: [{ name: 'add' }, { type: 'custom' }] }],
    [
      'messages',
      {
        tools: ['bash_20250124', 'text_editor_20250728', 'memory_20250818', 'computer_20250124'].map(
          (type) => ({ type }),
        ),
      },
    ],
    ['embeddings', { input: [{ id: 'x' }], tools: [{ type: 'web_search' }] }],
  ] as const)('%s, %j: the provider reads the request alone', (surface, body) => {
    expect(worstCase(surface, body, 100).inputTokens).toBe(100);
  });

  it('bears a body that is nested as deep as can be', () => {
    let deep: unknown = [];
    for (let level = 0; level < 200_000; level++) deep = [deep];
    expect(worstCase('chat', { messages: deep }, 5).inputTokens).toBe(5);
  });
});
