import { describe, expect, it } from 'vitest';
import { body, given, type Odd } from '../support/odd-provider.js';

describe('a success that is no answer', () => {
  it.each([
    ['a page', { type: 'text/html', bytes: '<h1>Please log in</h1>' }],
    ['nothing', {}],
    ['nothing, and says so', { status: 204 }],
    ['a list', { bytes: '[]' }],
    ['half of one', { bytes: body.slice(0, -1) }],
  ])('is told as such, streamed or not: %s', async (_what, odd: Odd) => {
    for (const asks of [{}, { stream: true }]) {
      const [{ error, text, head }, again] = await given(odd, asks);
      expect(error).toMatchObject({ code: 'AI_RESPONSE_INVALID', status: 502 });
      expect([head, text]).toEqual([undefined, '']);
      expect(again.error).toMatchObject({ code: 'AI_NOT_CACHED' });
    }
  });
});
