import { describe, expect, it } from 'vitest';
import { surfaceAdapter } from '../src/surfaces/registry.js';
import { body, events, given } from './support/odd-provider.js';

/** What some servers say when they do not know, what JSON can hold beyond all numbers, and what no answer can have. */
const odd = ['-1', '12.5', '1e400', '1e300', '"5"', 'null'];

describe('an answer whose usage is odd', () => {
  it.each(odd)('reaches its caller, and is stored, with counts of %s', async (count) => {
    const usage = `"usage":{"prompt_tokens":${count},"completion_tokens":${count},"total_tokens":0}`;
    const [asked, again] = await given({ bytes: `${body.slice(0, -1)},${usage}}` });
    expect(asked.error).toBeUndefined();
    expect(again.head).toMatchObject({ cache: 'hit' });
    const [streamed, replayed] = await given(
      {
        type: 'text/event-stream',
        bytes: events.replace('data: [DONE]', `data: {"choices":[],${usage}}\n\ndata: [DONE]`),
      },
      { stream: true },
    );
    expect(streamed.error).toBeUndefined();
    expect(replayed.head).toMatchObject({ cache: 'hit' });
  });

  it.each(odd)('counts what can be counted beside %s', (text) => {
    const usageOf = (surface: 'chat' | 'responses' | 'messages' | 'embeddings', usage: object): unknown =>
      surfaceAdapter(surface).usage(JSON.parse(JSON.stringify({ usage }).replaceAll('"odd"', text)));
    const known = { inputTokens: 7, outputTokens: 3 };
    const details = { cached_tokens: 'odd', reasoning_tokens: 'odd', thinking_tokens: 'odd' };
    expect(
      usageOf('chat', {
        prompt_tokens: 7,
        completion_tokens: 3,
        prompt_tokens_details: details,
        completion_tokens_details: details,
      }),
    ).toEqual(known);
    expect(
      usageOf('responses', {
        input_tokens: 7,
        output_tokens: 3,
        input_tokens_details: details,
        output_tokens_details: details,
      }),
    ).toEqual(known);
    expect(
      usageOf('messages', {
        input_tokens: 7,
        output_tokens: 3,
        cache_read_input_tokens: 'odd',
        cache_creation_input_tokens: 'odd',
        output_tokens_details: details,
      }),
    ).toEqual(known);
    expect(usageOf('embeddings', { prompt_tokens: 'odd' })).toBeUndefined();
    expect(usageOf('chat', { prompt_tokens: 'odd', completion_tokens: 3 })).toBeUndefined();
  });
});
