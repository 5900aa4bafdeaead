import { isJsonObject, type JsonValue } from '../json.js';

/**
 * Appends the next piece to the content of a message. Usually both are strings. Mistral streams its models' thinking as parts of the
 * content and the text after it as strings: together they become a list of parts, as in the non-streamed body.
 */
export function withPiece(before: JsonValue | undefined, piece: JsonValue): JsonValue {
  if (!Array.isArray(before) && !Array.isArray(piece))
    return typeof before === 'string' && typeof piece === 'string' ? before + piece : piece;
  const parts = [...asParts(before)];
  for (const part of asParts(piece)) {
    const last = parts.at(-1);
    const joined = last === undefined ? undefined : joinedPart(last, part);
    if (joined === undefined) parts.push(part);
    else parts[parts.length - 1] = joined;
  }
  return parts;
}

function asParts(content: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(content)) return content;
  return typeof content === 'string' && content !== '' ? [{ type: 'text', text: content }] : [];
}

/** Merges two pieces of one part; `undefined` if they are separate parts. */
function joinedPart(last: JsonValue, next: JsonValue): JsonValue | undefined {
  if (!isJsonObject(last) || !isJsonObject(next) || last.type !== next.type) return undefined;
  if (next.type !== 'text' && next.type !== 'thinking') return undefined;
  const before = last[next.type];
  const piece = next[next.type];
  if (before === undefined || piece === undefined || typeof before !== typeof piece) return undefined;
  return { ...last, ...next, [next.type]: withPiece(before, piece) };
}

/** Whether content has anything visible: thinking alone does not count. */
export function isSpoken(content: JsonValue | undefined): boolean {
  if (!Array.isArray(content)) return typeof content === 'string' && content.length > 0;
  return content.some((part) => !isJsonObject(part) || (part.type !== 'thinking' && part.text !== ''));
}

/** Base64 up to and including its padding, if any. */
const padded = /[^=]+=*/g;

/** Merges concatenated pieces of base64 that were encoded separately: many decoders stop at padding in the middle. */
export function joinedBase64(pieces: string): string {
  const found = pieces.match(padded) ?? [];
  return found.length < 2
    ? pieces
    : Buffer.concat(found.map((piece) => Buffer.from(piece, 'base64'))).toString('base64');
}
