import { tokensOfLength } from '../tokens.js';

/**
 * Counts the output tokens that have left so far. A stream that is cut or abandoned is billed by this, as a
 * provider bills what it has sent; a finished one comes to exactly the total in its usage.
 */
export interface Meter {
  /** Text was produced. `part` numbers keep texts apart: tokens are rounded up once per part. */
  add(part: number, characters: number): void;
  /** What was produced has left. */
  commit(): void;
  /** Tokens that have left. */
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
