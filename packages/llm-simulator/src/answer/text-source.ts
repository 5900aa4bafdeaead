/**
 * Text that can be read in pieces. A plain string is one; {@link createFiller} makes texts of any length that never exist as a whole, so
 * that an answer of hundreds of megabytes costs no memory.
 */
export interface TextSource {
  readonly length: number;
  slice(start: number, end: number): string;
}

const LOOP_CHARACTERS = 8_192;

/** Repeats `sentences` until they fill a few kilobytes, from which fillers are read. */
export function createLoop(sentences: readonly string[]): string {
  const round = `${sentences.join(' ')} `;
  return round.repeat(Math.ceil(LOOP_CHARACTERS / round.length));
}

/** A text of `length` code units: `opening`, then `loop` without end, read lazily. */
export function createFiller(length: number, opening: string, loop: string): TextSource {
  const read = (start: number, end: number): string => {
    let text = '';
    let position = start;
    if (position < opening.length) {
      text = opening.slice(position, end);
      position += text.length;
    }
    while (position < end) {
      const offset = (position - opening.length) % loop.length;
      const piece = loop.slice(offset, offset + end - position);
      text += piece;
      position += piece.length;
    }
    return text;
  };
  return { length, slice: (start, end) => read(start, Math.min(end, length)) };
}

/** The first `length` code units of a source, never ending in half a character. */
export function shorten(source: TextSource, length: number): TextSource {
  if (source.length <= length) return source;
  if (typeof source !== 'string')
    return { length, slice: (start, end) => source.slice(start, Math.min(end, length)) };
  const last = source.charCodeAt(length - 1);
  return source.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
}
