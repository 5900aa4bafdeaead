import { type JsonObject, type JsonValue, jsonObjects } from '../json.js';
import { portableToolId } from './tool-calls.js';

/** A thinking block, with its position in the message if known. */
export interface PlacedBlock {
  readonly block: JsonObject;
  readonly index?: number;
}

export function isReasoning({ type }: JsonObject): boolean {
  return type === 'thinking' || type === 'redacted_thinking';
}

/**
 * The parts of a block that a chat message cannot express: its position, citations, the caller of a tool, and unknown blocks entirely. The
 * content itself is in the message already, so text is represented by its length in UTF-16 code units and a call by its id.
 */
export function blockDetail(block: JsonObject, index: number, textLength: number): JsonObject {
  if (block.type === 'text') {
    const { text: _text, ...rest } = block;
    return { ...rest, index, length: textLength };
  }
  if (block.type === 'tool_use') {
    const { name: _name, input: _input, ...rest } = block;
    return { ...rest, index };
  }
  // `reasoning_details` has the thinking in full; only its position matters here.
  return isReasoning(block) ? { type: block.type ?? null, index } : { ...block, index };
}

/** The details to send; `undefined` if the chat form expresses everything: thinking, then text, then calls. */
export function contentDetails(details: readonly JsonObject[]): JsonObject[] | undefined {
  const order = details.map((detail) => rankOf(detail));
  const texts = order.filter((rank) => rank === 1).length;
  const plain = texts <= 1 && order.every((rank, at) => rank >= (order[at - 1] ?? 0) && rank <= 2);
  return plain ? undefined : details.filter((detail) => !isReasoning(detail));
}

/** Rank of a block in the usual order; 3 for one that a chat message cannot express. */
function rankOf(detail: JsonObject): number {
  if (isReasoning(detail)) return 0;
  if (detail.type === 'text') return hasOnly(detail, ['type', 'index', 'length']) ? 1 : 3;
  return detail.type === 'tool_use' && hasOnly(detail, ['type', 'index', 'id']) ? 2 : 3;
}

function hasOnly(detail: JsonObject, names: readonly string[]): boolean {
  return Object.entries(detail).every(([name, value]) => names.includes(name) || saysNothing(value));
}

/** Whether a value is insignificant: null, an empty list, or a tool caller that is the model itself. */
function saysNothing(value: JsonValue | undefined): boolean {
  if (value === null || value === undefined) return true;
  return Array.isArray(value) ? value.length === 0 : JSON.stringify(value) === '{"type":"direct"}';
}

/**
 * Restores the blocks of a message as the model wrote them, from its chat form and its details. `undefined` if these no longer match: the
 * text was changed, or a call removed.
 */
export function restoreBlocks(
  content: JsonValue | undefined,
  calls: readonly JsonObject[],
  reasoning: readonly PlacedBlock[],
  details: readonly JsonObject[],
): JsonObject[] | undefined {
  const text = plainText(content);
  if (text === undefined || reasoning.some(({ index }) => index === undefined)) return undefined;
  const unused = new Map(calls.map((call) => [call.id, call]));
  const places: { readonly at: number; readonly block: JsonObject }[] = reasoning.map(
    ({ block, index = 0 }) => ({
      at: index,
      block,
    }),
  );
  let offset = 0;
  for (const detail of [...details].sort((a, b) => placeOf(a) - placeOf(b))) {
    const { index: _index, ...rest } = detail;
    const at = placeOf(detail);
    if (detail.type === 'text') {
      const { length, ...block } = rest;
      const end = offset + (typeof length === 'number' ? length : 0);
      const part = text.slice(offset, end);
      offset = end;
      if (part.trim() !== '') places.push({ at, block: { ...block, text: part } });
    } else if (detail.type === 'tool_use') {
      const call = typeof detail.id === 'string' ? unused.get(portableToolId(detail.id)) : undefined;
      if (call === undefined) return undefined;
      unused.delete(call.id);
      places.push({ at, block: { ...rest, ...call } });
    } else places.push({ at, block: rest });
  }
  if (offset !== text.length || unused.size > 0) return undefined;
  return places.sort((a, b) => a.at - b.at).map(({ block }) => block);
}

function placeOf({ index }: JsonObject): number {
  return typeof index === 'number' ? index : 0;
}

/** The text of content that has nothing else. Clients may send a string as a list of one part. */
function plainText(content: JsonValue | undefined): string | undefined {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return content;
  const parts = jsonObjects(content);
  const texts = parts.flatMap(({ text }) => (typeof text === 'string' ? text : []));
  return Array.isArray(content) && texts.length === content.length ? texts.join('') : undefined;
}
