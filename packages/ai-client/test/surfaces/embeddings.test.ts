import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/json.js';
import { embeddingsSurface } from '../../src/surfaces/embeddings.js';
import { foldEvents } from '../../src/surfaces/event-folder.js';

const vector = (index: number, embedding: JsonObject[string] = [0.5]): JsonObject => ({
  object: 'embedding',
  index,
  embedding,
});
const verdict = (data: JsonObject[], input: JsonObject[string]): boolean =>
  embeddingsSurface.judge({ object: 'list', data }, { input }).complete;

describe('embeddings surface', () => {
  it('takes one vector for each input for proven, and nothing less', () => {
    expect(verdict([vector(0)], 'one')).toBe(true);
    expect(verdict([vector(0)], [1, 2, 3])).toBe(true);
    expect(verdict([vector(0), vector(1)], ['one', 'two'])).toBe(true);
    expect(verdict([vector(1), vector(0)], [[1], [2, 3]])).toBe(true);
    expect(verdict([vector(0, 'AAAAPw==')], 'one')).toBe(true);
    expect(verdict([], 'one')).toBe(false);
    expect(verdict([vector(0)], ['one', 'two'])).toBe(false);
    expect(verdict([vector(0), vector(0)], ['one', 'two'])).toBe(false);
    expect(verdict([vector(0, [])], 'one')).toBe(false);
    expect(verdict([vector(0, '')], 'one')).toBe(false);
    expect(verdict([vector(0, [0.5, null])], 'one')).toBe(false);
    expect(embeddingsSurface.judge({ error: { message: 'in a 200' } }, { input: 'one' }).complete).toBe(
      false,
    );
  });

  it('tells the tokens of the input, and no others', () => {
    const usage = { prompt_tokens: 7, total_tokens: 7 };
    expect(embeddingsSurface.usage({ usage })).toEqual({ inputTokens: 7, outputTokens: 0 });
    expect(embeddingsSurface.usage({})).toBeUndefined();
  });

  it('knows no streams', () => {
    expect(embeddingsSurface.isStreamed({ stream: true })).toBe(false);
    expect(foldEvents(embeddingsSurface.createFolder(), [])).toEqual({ terminated: false, finished: false });
    expect(() => embeddingsSurface.expand({ data: [] })).toThrow('cannot be given as a stream');
  });
});
