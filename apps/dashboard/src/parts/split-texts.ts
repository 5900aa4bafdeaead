/** Two texts, with what they begin and end with alike taken off. */
export interface SplitTexts {
  readonly before: string;
  readonly here: string;
  readonly there: string;
  readonly after: string;
}

const wordCharacter = /[\p{L}\p{N}]/u;

/** Finds what differs between two texts, in whole words: half a number says nothing. */
export function splitTexts(here: string, there: string): SplitTexts {
  const shorter = Math.min(here.length, there.length);
  let start = 0;
  while (start < shorter && here[start] === there[start]) start += 1;
  let end = 0;
  while (end < shorter - start && here[here.length - 1 - end] === there[there.length - 1 - end]) end += 1;
  // Back to the edges of words that only begin or end alike; both texts are the same there.
  while (isWithin(here, start) || isWithin(there, start)) start -= 1;
  while (isWithin(here, here.length - end) || isWithin(there, there.length - end)) end -= 1;
  return {
    before: here.slice(0, start),
    here: here.slice(start, here.length - end),
    there: there.slice(start, there.length - end),
    after: end === 0 ? '' : here.slice(-end),
  };
}

/** Whether there are letters or digits on both sides of a place. */
function isWithin(text: string, at: number): boolean {
  return wordCharacter.test(text[at - 1] ?? '') && wordCharacter.test(text[at] ?? '');
}
