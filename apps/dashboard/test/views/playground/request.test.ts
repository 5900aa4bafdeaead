import { describe, expect, it } from 'vitest';
import {
  bodyOf,
  firstRequest,
  headersOf,
  moreProblem,
  type PlaygroundRequest,
} from '../../../src/views/playground/request.js';
import { snippetOf } from '../../../src/views/playground/snippets.js';

const request: PlaygroundRequest = {
  ...firstRequest,
  model: 'gpt-4o-mini',
  system: 'Be brief.',
  user: "What's up?",
  maxTokens: '50',
  temperature: '0',
  more: '{"top_p": 0.5}',
};

describe('the body of a request', () => {
  it('is in the words of its surface', () => {
    expect(bodyOf(request)).toEqual({
      model: 'gpt-4o-mini',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: "What's up?" },
      ],
      max_tokens: 50,
      temperature: 0,
      top_p: 0.5,
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(bodyOf({ ...request, surface: 'responses', isStreamed: false })).toEqual({
      model: 'gpt-4o-mini',
      instructions: 'Be brief.',
      input: "What's up?",
      max_output_tokens: 50,
      temperature: 0,
      top_p: 0.5,
    });
    expect(bodyOf({ ...request, surface: 'messages', maxTokens: '', system: '' })).toEqual({
      model: 'gpt-4o-mini',
      max_tokens: 1024,
      messages: [{ role: 'user', content: "What's up?" }],
      temperature: 0,
      top_p: 0.5,
      stream: true,
    });
    expect(bodyOf({ ...request, model: 'o4-mini' })).toMatchObject({ max_completion_tokens: 50 });
  });

  it('leaves out what is empty, and knows what is no object', () => {
    const bare = { ...request, system: '', maxTokens: '', temperature: ' ', more: ' ', isStreamed: false };
    expect(bodyOf(bare)).toEqual({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: "What's up?" }],
    });
    expect(['', '{}', '[]', '{', 'null', '1'].map((more) => moreProblem(more) === null)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('says by a header how the cache is used', () => {
    expect(headersOf(request)).toEqual({});
    expect(headersOf({ ...request, cache: 'refresh' })).toEqual({ 'cache-control': 'no-cache' });
    expect(headersOf({ ...request, cache: 'only-if-cached', surface: 'messages' })).toEqual({
      'anthropic-version': '2023-06-01',
      'cache-control': 'only-if-cached',
    });
  });
});

describe('a request as code', () => {
  const at = 'http://127.0.0.1:4000/below/';

  it('is a command whose quotes hold', () => {
    const command = snippetOf('curl', { ...request, cache: 'no-store' }, at);
    expect(command).toContain("curl -N 'http://127.0.0.1:4000/below/v1/chat/completions'");
    expect(command).toContain('-H "authorization: Bearer $AI_TOOLKIT_KEY"');
    expect(command).toContain("-H 'cache-control: no-store'");
    expect(command).toContain(`"content": "What'\\''s up?"`);
  });

  it('is a program for the SDK of its surface', () => {
    const chat = snippetOf('sdk', { ...request, cache: 'refresh' }, at);
    expect(chat).toContain("baseURL: 'http://127.0.0.1:4000/below/v1'");
    expect(chat).toContain("headers: { 'cache-control': 'no-cache' }");
    expect(snippetOf('sdk', { ...request, surface: 'responses', isStreamed: false }, at)).toMatch(
      /client\.responses\.create.*console\.log\(answer\.output_text\)/s,
    );
    const messages = snippetOf('sdk', { ...request, surface: 'messages' }, at);
    expect(messages).toContain("baseURL: 'http://127.0.0.1:4000/below'");
    expect(messages).toContain('client.messages.create');
  });
});
