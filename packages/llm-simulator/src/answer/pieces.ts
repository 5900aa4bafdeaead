import type { TextSource } from './text-source.js';

const SHORTEST_PIECE = 6;
const LONGEST_PIECE = 24;

/** How a text is divided into stream chunks: by words (default), into `chunks` parts, or `size` code units each. */
export type Division =
  | { readonly by: 'words' }
  | { readonly by: 'count'; readonly chunks: number }
  | { readonly by: 'size'; readonly size: number };

export const BY_WORDS: Division = { by: 'words' };

/** The chunks of a text, in order; joined they are the text again. Lazy: one chunk exists at a time. */
export function* pieces(source: TextSource, division: Division): Generator<string, void, undefined> {
  if (division.by === 'words' && typeof source === 'string') {
    yield* wordPieces(source);
    return;
  }
  const size = division.by === 'size' ? division.size : 16;
  const total =
    division.by === 'count' ? Math.min(division.chunks, source.length) : Math.ceil(source.length / size);
  let start = 0;
  for (let index = 1; index <= total; index += 1) {
    const wanted =
      division.by === 'count'
        ? Math.floor((index * source.length) / total)
        : Math.min(source.length, index * size);
    const end = wholeCharacter(source, wanted);
    if (end > start) yield source.slice(start, end);
    start = Math.max(start, end);
  }
}

function* wordPieces(text: string): Generator<string, void, undefined> {
  let start = 0;
  while (start < text.length) {
    const space = text.indexOf(' ', start + SHORTEST_PIECE);
    const end = space === -1 || space > start + LONGEST_PIECE ? start + LONGEST_PIECE : space;
    const whole = wholeCharacter(text, Math.min(end, text.length));
    yield text.slice(start, whole);
    start = whole;
  }
}

/** Moves a cut that would fall inside a surrogate pair to behind it. */
function wholeCharacter(source: TextSource, end: number): number {
  if (end >= source.length) return source.length;
  const next = source.slice(end, end + 1).charCodeAt(0);
  return next >= 0xdc00 && next <= 0xdfff ? end + 1 : end;
}
