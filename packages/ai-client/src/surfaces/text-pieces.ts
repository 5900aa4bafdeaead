/** Roughly one token: a word with the white space before it. */
const piece = /\s*\S+|\s+$/g;

/** Splits a text into pieces of about one token, as a model streams it; joined, they are the text. */
export function textPieces(text: string): string[] {
  return text.match(piece) ?? [];
}
