import { isJsonObject, type JsonValue } from '../json.js';

/**
 * The content of a message with its next piece. Nearly everywhere both are text. Mistral streams the thinking of its models as parts of
 * the content, and the text behind it as plain text: together they are a list of parts, as in the body.
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

/** Two pieces of one part; `undefined` for parts that stand by themselves. */
function joinedPart(last: JsonValue, next: JsonValue): JsonValue | undefined {
  if (!isJsonObject(last) || !isJsonObject(next) || last.type !== next.type) return undefined;
  if (next.type !== 'text' && next.type !== 'thinking') return undefined;
  const before = last[next.type];
  const piece = next[next.type];
  if (before === undefined || piece === undefined || typeof before !== typeof piece) return undefined;
  return { ...last, ...next, [next.type]: withPiece(before, piece) };
}

/** Whether a content says something to its reader: thinking alone does not. */
export function isSpoken(content: JsonValue | undefined): boolean {
  if (!Array.isArray(content)) return typeof content === 'string' && content.length > 0;
  return content.some((part) => !isJsonObject(part) || (part.type !== 'thinking' && part.text !== ''));
}

/** A padded piece of base64, or an unpadded one. */
const padded = /[^=]+=*/g;

/** Pieces of base64, each encoded by itself, as one: with padding in the middle, most readers take the first for the whole. */
export function joinedBase64(pieces: string): string {
  const found = pieces.match(padded) ?? [];
  return found.length < 2
    ? pieces
    : Buffer.concat(found.map((piece) => Buffer.from(piece, 'base64'))).toString('base64');
}
