import { tokensOfLength } from '../tokens.js';

/**
 * Counts the output tokens sent so far. A stream that is cut or abandoned is billed by this count, as a provider bills what it has sent; a
 * finished one reaches exactly the total in its usage.
 */
export interface Meter {
  /** Text was produced. `part` numbers distinguish texts: tokens are rounded up once per part. */
  add(part: number, characters: number): void;
  /** Everything produced so far has been sent. */
  commit(): void;
  /** Tokens sent so far. */
  tokens(): number;
}

export function createMeter(): Meter {
  const sent: number[] = [];
  const produced: { readonly part: number; readonly characters: number }[] = [];
  return {
    add(part, characters) {
      produced.push({ part, characters });
    },
    commit() {
      for (const { part, characters } of produced) sent[part] = (sent[part] ?? 0) + characters;
      produced.length = 0;
    },
    tokens() {
      let total = 0;
      for (const characters of sent) total += tokensOfLength(characters ?? 0);
      return total;
    },
  };
}
