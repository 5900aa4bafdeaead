import { pieces } from '../answer/pieces.js';
import { createRandom } from '../random.js';
import { CHARACTERS_PER_TOKEN } from '../tokens.js';

export interface TokenLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly bytes: readonly number[];
  readonly top_logprobs: readonly Omit<TokenLogprob, 'top_logprobs'>[];
}

/** Log probabilities of a text's tokens, the same for the same text whether streamed or not. */
export function logprobsOf(text: string, seed: number, top: number, firstToken: number): TokenLogprob[] {
  const tokens: TokenLogprob[] = [];
  for (const token of pieces(text, { by: 'size', size: CHARACTERS_PER_TOKEN })) {
    const random = createRandom(seed + firstToken + tokens.length);
    const logprob = rounded(-random() * 0.5);
    const others = Array.from({ length: Math.max(0, top - 1) }, (_, rank) =>
      entry(` alt${rank + 1}`, rounded(logprob - 1 - rank - random())),
    );
    tokens.push({
      ...entry(token, logprob),
      top_logprobs: top === 0 ? [] : [entry(token, logprob), ...others],
    });
  }
  return tokens;
}

function entry(token: string, logprob: number): Omit<TokenLogprob, 'top_logprobs'> {
  return { token, logprob, bytes: [...Buffer.from(token)] };
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
