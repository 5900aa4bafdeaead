import { tokensOfLength } from '../tokens.js';

/**
 * Counts the output tokens that have left so far. A stream that is cut or abandoned is billed by this, as a
 * provider bills what it has generated; a finished one comes to exactly the total in its usage.
 */
export interface Meter {
  /** Characters of the current part (a text, a tool call's arguments, …) that were emitted. */
  add(part: number, characters: number): void;
  tokens(): number;
}

/** `part` numbers keep texts apart that are counted apart: tokens are rounded up once per part. */
export function createMeter(): Meter {
  const characters: number[] = [];
  return {
    add(part, count) {
      characters[part] = (characters[part] ?? 0) + count;
    },
    tokens() {
      let total = 0;
      for (const count of characters) total += tokensOfLength(count ?? 0);
      return total;
    },
  };
}
