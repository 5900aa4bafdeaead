/** The simulator's whole notion of a token: four UTF-16 code units of text. */
export const CHARACTERS_PER_TOKEN = 4;

/** What a chat message costs beyond its text (role and separators). */
export const TOKENS_PER_MESSAGE = 4;

/** Tokens of a text of `length` UTF-16 code units: `ceil(length / 4)`. */
export function tokensOfLength(length: number): number {
  return Math.ceil(length / CHARACTERS_PER_TOKEN);
}

/** Tokens of a text, as every answer of the simulator counts them: `ceil(text.length / 4)`. */
export function countTokens(text: string): number {
  return tokensOfLength(text.length);
}
