import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../../src/json.js';

const text = fc.string({ unit: 'grapheme', minLength: 1 });
/** Objects that survive JSON: a translation works on what came over the wire. */
const input = fc
  .dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

const citation = fc.record({
  type: fc.constant('web_search_result_location'),
  url: fc.webUrl(),
  title: text,
  cited_text: text,
  encrypted_index: fc.base64String(),
});

const block: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({ type: fc.constant('text'), text, citations: fc.constant(null) }),
  fc.record({
    type: fc.constant('text'),
    text,
    citations: fc.array(citation, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({
    type: fc.constant('thinking'),
    thinking: fc.string(),
    signature: fc.base64String({ minLength: 4 }),
  }),
  fc.record({ type: fc.constant('redacted_thinking'), data: fc.base64String({ minLength: 4 }) }),
  fc.record({
    type: fc.constant('tool_use'),
    id: fc.uuid().map((id) => `toolu_${id}`),
    name: fc.constantFrom('look', 'find'),
    input,
    caller: fc.constantFrom({ type: 'direct' }, { type: 'code_execution_20260120', tool_id: 'srvtoolu_1' }),
  }),
  fc.record({
    type: fc.constant('server_tool_use'),
    id: fc.uuid(),
    name: fc.constant('web_search'),
    input: fc.record({ query: text }),
  }),
  fc.record({
    type: fc.constant('web_search_tool_result'),
    tool_use_id: fc.uuid(),
    content: fc.array(fc.record({ type: fc.constant('web_search_result'), url: fc.webUrl(), title: text })),
  }),
);

const usage = fc.record(
  {
    input_tokens: fc.nat(),
    output_tokens: fc.nat(),
    cache_read_input_tokens: fc.oneof(fc.nat(), fc.constant(null)),
    cache_creation_input_tokens: fc.oneof(fc.nat(), fc.constant(null)),
    output_tokens_details: fc.record({ thinking_tokens: fc.nat() }),
    service_tier: fc.constant('standard'),
  },
  { requiredKeys: ['input_tokens', 'output_tokens'] },
);

/** A message as returned by the Messages API. */
export const message: fc.Arbitrary<JsonObject> = fc
  .record({
    id: fc.uuid().map((id) => `msg_${id}`),
    type: fc.constant('message'),
    role: fc.constant('assistant'),
    model: fc.constant('claude-opus-5'),
    content: fc.array(block, { maxLength: 6 }),
    container: fc.oneof(fc.constant(null), fc.record({ id: fc.uuid() })),
    stop_details: fc.oneof(
      fc.constant(null),
      fc.record({ type: fc.constant('refusal'), category: fc.constant('bio'), explanation: text }),
    ),
    stop_reason: fc.constantFrom('end_turn', 'tool_use', 'max_tokens', 'refusal', 'pause_turn', 'to_come'),
    stop_sequence: fc.constantFrom(null, 'END'),
    usage,
  })
  .map((value) => value as JsonObject);

/** Splits a text into non-empty pieces. */
function pieces(value: string, cuts: readonly number[]): string[] {
  const ends = [...new Set(cuts.map((cut) => cut % (value.length + 1)))].sort((a, b) => a - b);
  return [...ends, value.length]
    .map((end, index) => value.slice(index === 0 ? 0 : ends[index - 1], end))
    .filter((piece) => piece !== '');
}

/** Writes an event as Anthropic does: its name, its data, a blank line. */
export function event(data: JsonObject): string {
  return `event: ${String(data.type)}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The events of a streamed message; `cuts` are the positions at which texts are split. */
export function eventsOf(whole: JsonObject, cuts: readonly number[] = []): string {
  const { content, stop_reason, stop_sequence, stop_details, usage: counted, ...head } = whole;
  const counts = counted as JsonObject;
  const start = { ...counts, output_tokens: 1, output_tokens_details: null };
  const blocks = (content as JsonObject[]).flatMap((item, index) => [
    { type: 'content_block_start', index, content_block: opened(item) },
    ...deltasOf(item, cuts).map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]);
  return [
    { type: 'message_start', message: { ...head, content: [], stop_reason: null, usage: start } },
    { type: 'ping' },
    ...blocks,
    { type: 'message_delta', delta: { stop_reason, stop_sequence, stop_details }, usage: counts },
    { type: 'message_stop' },
  ]
    .map((data) => event(data as JsonObject))
    .join('');
}

function opened(item: JsonObject): JsonObject {
  if (item.type === 'text') return { ...item, text: '', citations: null };
  if (item.type === 'thinking') return { ...item, thinking: '', signature: '' };
  return item.type === 'tool_use' || item.type === 'server_tool_use' ? { ...item, input: {} } : item;
}

function deltasOf(item: JsonObject, cuts: readonly number[]): JsonObject[] {
  const cut = (value: JsonValue | undefined, type: string, field: string): JsonObject[] =>
    pieces(String(value), cuts).map((piece) => ({ type, [field]: piece }));
  switch (item.type) {
    case 'text':
      return [
        ...cut(item.text, 'text_delta', 'text'),
        ...((item.citations ?? []) as JsonObject[]).map((one) => ({
          type: 'citations_delta',
          citation: one,
        })),
      ];
    case 'thinking':
      return [
        ...cut(item.thinking, 'thinking_delta', 'thinking'),
        { type: 'signature_delta', signature: item.signature ?? '' },
      ];
    case 'tool_use':
    case 'server_tool_use': {
      const written = JSON.stringify(item.input);
      return written === '{}' ? [] : cut(written, 'input_json_delta', 'partial_json');
    }
    default:
      return [];
  }
}
