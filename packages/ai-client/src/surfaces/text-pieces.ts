/** Roughly one token: a word with the white space before it. */
const piece = /\s*\S+|\s+$/g;

/** A text in the pieces that a model streams it in, about one token each; joined they are the text again. */
export function textPieces(text: string): string[] {
  return text.match(piece) ?? [];
}
