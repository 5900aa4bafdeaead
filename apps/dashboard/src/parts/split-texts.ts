/** Two texts, split into common beginning, different middle and common end. */
export interface SplitTexts {
  readonly before: string;
  readonly here: string;
  readonly there: string;
  readonly after: string;
}

const wordCharacter = /[\p{L}\p{N}]/u;

/** Finds the difference between two texts, extended to whole words, since part of a number means little. */
export function splitTexts(here: string, there: string): SplitTexts {
  const shorter = Math.min(here.length, there.length);
  let start = 0;
  while (start < shorter && here[start] === there[start]) start += 1;
  let end = 0;
  while (end < shorter - start && here[here.length - 1 - end] === there[there.length - 1 - end]) end += 1;
  // Move back to the edges of words that only start or end alike.
  while (isWithin(here, start) || isWithin(there, start)) start -= 1;
  while (isWithin(here, here.length - end) || isWithin(there, there.length - end)) end -= 1;
  return {
    before: here.slice(0, start),
    here: here.slice(start, here.length - end),
    there: there.slice(start, there.length - end),
    after: end === 0 ? '' : here.slice(-end),
  };
}

/** Whether a position is inside a word: between letters or digits. */
function isWithin(text: string, at: number): boolean {
  return wordCharacter.test(text[at - 1] ?? '') && wordCharacter.test(text[at] ?? '');
}
