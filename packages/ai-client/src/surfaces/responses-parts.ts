import { isJsonObject, type JsonObject } from '../json.js';

/** Where the text of a kind of stream event belongs in the output of a response. */
export interface StreamedText {
  /** Prefix of its event names; `.delta` and `.done` follow. */
  readonly event: string;
  /** The item's list that contains the part, and the event's field with the position there. Absent: the text is in the item itself. */
  readonly place?: { readonly list: 'content' | 'summary'; readonly index: string };
  /** `type` of the part or item with the text. */
  readonly type: string;
  /** Field of the part or item with the text. */
  readonly field: string;
}

const content = { list: 'content', index: 'content_index' } as const;

/** All texts that a response streams in pieces. */
export const streamedTexts: readonly StreamedText[] = [
  { event: 'response.output_text', place: content, type: 'output_text', field: 'text' },
  { event: 'response.refusal', place: content, type: 'refusal', field: 'refusal' },
  { event: 'response.reasoning_text', place: content, type: 'reasoning_text', field: 'text' },
  {
    event: 'response.reasoning_summary_text',
    place: { list: 'summary', index: 'summary_index' },
    type: 'summary_text',
    field: 'text',
  },
  { event: 'response.function_call_arguments', type: 'function_call', field: 'arguments' },
  { event: 'response.custom_tool_call_input', type: 'custom_tool_call', field: 'input' },
  { event: 'response.mcp_call_arguments', type: 'mcp_call', field: 'arguments' },
  { event: 'response.code_interpreter_call_code', type: 'code_interpreter_call', field: 'code' },
];

/** The text of a part or an item; `undefined` if it has none that is streamed. */
export function streamedTextOf(holder: JsonObject): (StreamedText & { readonly text: string }) | undefined {
  const known = streamedTexts.find(({ type }) => type === holder.type);
  const text = known === undefined ? undefined : holder[known.field];
  return known === undefined || typeof text !== 'string' ? undefined : { ...known, text };
}

/** The list of parts; `undefined` unless it is an array of objects. */
export function partsOf(item: JsonObject, list: 'content' | 'summary'): JsonObject[] | undefined {
  const parts = item[list];
  return Array.isArray(parts) && parts.every(isJsonObject) ? parts : undefined;
}
