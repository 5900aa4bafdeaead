import type { Meter } from './meter.js';
import type { TextSource } from './text-source.js';

const PIECE_CHARACTERS = 16_384;
const MARK = '\u0000simulator-text\u0000';
const ESCAPED_MARK = JSON.stringify(MARK);

/** Stands for a text in an object that {@link writeJson} writes: the text itself, or a mark if it is lazy. */
export function embedText(source: TextSource): string {
  return typeof source === 'string' ? source : MARK;
}

/** `value` as JSON, in pieces; its marks are replaced by `source`, which is never held as a whole. */
export function* writeJson(value: unknown, source: TextSource): Generator<string, void, undefined> {
  const json = JSON.stringify(value);
  if (typeof source === 'string') {
    yield json;
    return;
  }
  const [head = '', ...rest] = json.split(ESCAPED_MARK);
  yield head;
  for (const tail of rest) {
    yield '"';
    for (let start = 0; start < source.length; start += PIECE_CHARACTERS)
      yield JSON.stringify(source.slice(start, start + PIECE_CHARACTERS)).slice(1, -1);
    yield `"${tail}`;
  }
}

/**
 * Passes a body's pieces on and bills them as they are sent. Small bodies are one piece; a large one consists of its lazy text, whose
 * characters its pieces account for.
 */
export function* metered(
  pieces: Iterable<string>,
  meter: Meter,
  sources: readonly TextSource[],
): Generator<string, void, undefined> {
  const lazy = sources.findIndex((source) => typeof source !== 'string');
  for (const [part, source] of sources.entries()) if (part !== lazy) meter.add(part, source.length);
  let left = lazy === -1 ? 0 : (sources[lazy]?.length ?? 0);
  for (const piece of pieces) {
    const share = Math.min(left, piece.length);
    if (share > 0) meter.add(lazy, share);
    left -= share;
    meter.commit();
    yield piece;
  }
  if (left > 0) meter.add(lazy, left);
  meter.commit();
}
