import { describe, expect, it } from 'vitest';
import { pieces } from '../../src/answer/pieces.js';
import { logprobsOf, type TokenLogprob } from '../../src/openai/logprobs.js';

describe('log probabilities', () => {
  it('are the same for a text and for its pieces, also where a piece is longer so as not to split a character', () => {
    const text = 'sea🌊 rises and 🌊🌊🌊 falls';
    const streamed: TokenLogprob[] = [];
    for (const piece of pieces(text, { by: 'size', size: 4 })) {
      streamed.push(...logprobsOf(piece, 7, 2, streamed.length));
    }
    const whole = logprobsOf(text, 7, 2, 0);
    expect(streamed).toEqual(whole);
    expect(whole.every(({ token }) => token.isWellFormed())).toBe(true);
  });
});
