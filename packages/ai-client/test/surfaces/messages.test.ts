import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryAsBody, entryAsEvents } from '../../src/entry.js';
import { isJsonObject, type JsonObject, jsonObjects } from '../../src/json.js';
import { readEvents } from '../../src/sse/events.js';
import { foldEvents } from '../../src/surfaces/event-folder.js';
import { messagesSurface } from '../../src/surfaces/messages.js';
import { asJson, cuts, cutText, eventsOf, outline, payloads, reframed, text } from '../support/events.js';

const textBlock = fc.record(
  {
    type: fc.constant('text'),
    text,
    citations: fc.oneof(
      fc.constant(null),
      fc.array(
        fc.record({ type: fc.constant('char_location'), cited_text: text, start_char_index: fc.nat() }),
      ),
    ),
    x_unknown: fc.jsonValue(),
  },
  { requiredKeys: ['type', 'text'] },
);
const thinkingBlock = fc.record(
  { type: fc.constant('thinking'), thinking: fc.oneof(text, fc.constant('')), signature: fc.base64String() },
  { requiredKeys: ['type', 'thinking'] },
);
const toolBlock = fc.record({
  type: fc.constantFrom('tool_use', 'server_tool_use', 'mcp_tool_use'),
  id: fc.uuid(),
  name: fc.constantFrom('look', 'find'),
  input: fc.dictionary(fc.string(), fc.jsonValue()),
});
const otherBlock = fc.oneof(
  fc.record({ type: fc.constant('redacted_thinking'), data: fc.base64String() }),
  fc.record({ type: fc.constant('web_search_tool_result'), tool_use_id: fc.uuid(), content: fc.jsonValue() }),
  fc.record({ type: fc.constant('compaction'), content: fc.oneof(text, fc.constant(null)) }),
);
const block = fc.oneof(textBlock, thinkingBlock, toolBlock, otherBlock);
const usage = fc.record(
  {
    input_tokens: fc.nat(),
    output_tokens: fc.nat(),
    cache_creation_input_tokens: fc.oneof(fc.nat(), fc.constant(null)),
    cache_read_input_tokens: fc.nat(),
    cache_creation: fc.record({ ephemeral_5m_input_tokens: fc.nat() }),
    output_tokens_details: fc.record({ thinking_tokens: fc.nat() }),
    service_tier: fc.constant('standard'),
  },
  { requiredKeys: ['input_tokens', 'output_tokens'] },
);
const message = fc
  .record(
    {
      id: fc.uuid(),
      type: fc.constant('message'),
      role: fc.constant('assistant'),
      model: fc.constant('claude-x'),
      content: fc.array(block, { maxLength: 5 }),
      stop_reason: fc.constantFrom('end_turn', 'tool_use', 'max_tokens', 'stop_sequence'),
      stop_sequence: fc.oneof(text, fc.constant(null)),
      stop_details: fc.constant(null),
      container: fc.oneof(fc.record({ id: fc.uuid() }), fc.constant(null)),
      context_management: fc.record({ applied_edits: fc.array(fc.jsonValue()) }),
      usage,
      x_unknown: fc.jsonValue(),
    },
    { requiredKeys: ['id', 'type', 'role', 'model', 'content', 'stop_reason', 'usage'] },
  )
  .map(asJson);

/** The events of a message as a server may send them: with pieces, pings and splits of its own. */
function eventLog(body: JsonObject, at: readonly number[]): JsonObject[] {
  const { content, stop_reason, stop_sequence = null, usage: totals, ...head } = body;
  const start = {
    ...head,
    content: [],
    stop_reason: null,
    usage: { ...(totals as JsonObject), output_tokens: 0 },
  };
  const events: JsonObject[] = [{ type: 'message_start', message: start }, { type: 'ping' }];
  for (const [index, whole] of jsonObjects(content).entries()) {
    const delta = (fields: JsonObject): number =>
      events.push({ type: 'content_block_delta', index, delta: fields });
    const open = (fields: JsonObject): number =>
      events.push({ type: 'content_block_start', index, content_block: { ...whole, ...fields } });
    if (typeof whole.text === 'string') {
      open({ text: '' });
      for (const piece of cutText(whole.text, at)) delta({ type: 'text_delta', text: piece });
    } else if (typeof whole.thinking === 'string') {
      open({ thinking: '' });
      for (const piece of cutText(whole.thinking, at)) delta({ type: 'thinking_delta', thinking: piece });
    } else if (isJsonObject(whole.input)) {
      open({ input: {} });
      for (const piece of cutText(JSON.stringify(whole.input), at))
        delta({ type: 'input_json_delta', partial_json: piece });
    } else open({});
    events.push({ type: 'ping' }, { type: 'content_block_stop', index });
  }
  const output = (totals as JsonObject).output_tokens;
  events.push({
    type: 'message_delta',
    delta: { stop_reason, stop_sequence },
    usage: { output_tokens: output },
  });
  events.push({ type: 'message_stop' });
  return events;
}

const event = (type: string, fields: JsonObject = {}): JsonObject => ({ type, ...fields });
const started = event('message_start', {
  message: { id: 'm', type: 'message', content: [], stop_reason: null },
});
const ended = event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } });

describe('messages surface', () => {
  it('gives the same body after a way through a stream, and the same stream again', () => {
    fc.assert(
      fc.property(message, cuts, (body, at) => {
        const stream = messagesSurface.expand(body);
        const folded = foldEvents(messagesSurface.createFolder(), reframed(stream, at));
        expect(asJson(folded)).toEqual({ body, terminated: true, finished: true });
        expect(Buffer.from(messagesSurface.expand(folded.body ?? {})).equals(Buffer.from(stream))).toBe(true);
      }),
    );
  });

  it('folds the events of any server, and writes them again as its own', () => {
    fc.assert(
      fc.property(message, cuts, (body, at) => {
        const folded = foldEvents(messagesSurface.createFolder(), eventsOf(eventLog(body, at)));
        const whole = { stop_sequence: null, ...body };
        expect(asJson(folded)).toEqual({ body: whole, terminated: true, finished: true });
        expect(
          foldEvents(messagesSurface.createFolder(), readEvents(messagesSurface.expand(folded.body ?? {}))),
        ).toEqual(folded);
      }),
    );
  });

  it('writes the events in the order and under the names of the API', () => {
    const body = {
      type: 'message',
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Let me see', signature: 'c2ln' },
        { type: 'text', text: 'It says', citations: [{ cited_text: 'a' }] },
        { type: 'tool_use', id: 't', name: 'look', input: { at: 'the sea' } },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      usage: { input_tokens: 3, output_tokens: 9 },
    };
    const stream = messagesSurface.expand(body);
    expect(readEvents(stream).map(({ event: name }) => name)).toEqual(
      payloads(stream).map(({ type }) => type),
    );
    expect(outline(stream)).toEqual([
      'message_start',
      'content_block_start',
      'ping',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'content_block_start',
      'content_block_delta',
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    const all = payloads(stream);
    expect(all[0]).toMatchObject({
      message: { content: [], stop_reason: null, usage: { output_tokens: 1 } },
    });
    expect(all.map(({ delta }) => (isJsonObject(delta) ? delta.type : undefined)).filter(Boolean)).toEqual([
      'thinking_delta',
      'thinking_delta',
      'thinking_delta',
      'signature_delta',
      'text_delta',
      'text_delta',
      'citations_delta',
      'input_json_delta',
      'input_json_delta',
      'input_json_delta',
    ]);
    expect(all.at(-2)).toMatchObject({ delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } });
  });

  it('sees an error inside the stream, a missing end, and what is no JSON', () => {
    const overloaded = event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } });
    expect(foldEvents(messagesSurface.createFolder(), eventsOf([started, overloaded]))).toEqual({
      terminated: false,
      finished: false,
      error: { type: 'overloaded_error', message: 'Overloaded' },
    });
    expect(foldEvents(messagesSurface.createFolder(), eventsOf([started]))).toMatchObject({
      terminated: false,
      finished: false,
    });
    expect(foldEvents(messagesSurface.createFolder(), eventsOf([started, ended]))).toMatchObject({
      terminated: false,
      finished: true,
    });
    expect(
      foldEvents(
        messagesSurface.createFolder(),
        readEvents(Buffer.from('event: message_start\ndata: {"mes\n\n')),
      ).error,
    ).toBeDefined();
    expect(
      foldEvents(messagesSurface.createFolder(), eventsOf([event('message_stop')])).body,
    ).toBeUndefined();
  });

  it('takes a block that was not closed, or an input that is no JSON, for unproven', () => {
    const open = event('content_block_start', {
      index: 0,
      content_block: { type: 'tool_use', id: 't', name: 'look', input: {} },
    });
    const input = event('content_block_delta', {
      index: 0,
      delta: { type: 'input_json_delta', partial_json: '{"at": "the se' },
    });
    const close = event('content_block_stop', { index: 0 });
    const stop = event('message_stop');
    const folded = foldEvents(
      messagesSurface.createFolder(),
      eventsOf([started, open, input, close, ended, stop]),
    );
    expect(folded).toMatchObject({ terminated: false, finished: true, body: { content: [{ input: {} }] } });
    expect(foldEvents(messagesSurface.createFolder(), eventsOf([started, open, ended, stop]))).toMatchObject({
      terminated: false,
    });
  });

  it('keeps every digit of the numbers in an input, both ways', () => {
    const input = '{"id":9007199254740993,"mass":1e400,"count":1}';
    const bytes = Buffer.from(
      `{"type":"message","content":[{"type":"tool_use","id":"t","name":"look","input":${input}}],"stop_reason":"tool_use"}`,
    );
    const body = { bytes, metadata: { shape: 'body', name: 'a', upstreamMs: 1 } } as const;
    const stream = Buffer.from(entryAsEvents(body, messagesSurface).bytes);
    expect(stream.toString()).toContain(JSON.stringify(input));
    const streamed = { bytes: stream, metadata: { shape: 'stream', name: 'a', upstreamMs: 1 } } as const;
    expect(Buffer.from(entryAsBody(streamed, messagesSurface)).toString()).toContain(`"input":${input}`);
  });

  it('keeps no estimate of a thought under way: a caller who sends it back would be refused', () => {
    const thought = (fields: JsonObject): JsonObject =>
      event('content_block_delta', { index: 0, delta: { type: 'thinking_delta', thinking: '', ...fields } });
    const { body } = foldEvents(
      messagesSurface.createFolder(),
      eventsOf([
        started,
        event('content_block_start', { index: 0, content_block: { type: 'thinking', thinking: '' } }),
        thought({ estimated_tokens: 50 }),
        thought({ thinking: 'Tides', estimated_tokens: null }),
        event('content_block_delta', { index: 0, delta: { type: 'signature_delta', signature: 's' } }),
        event('content_block_stop', { index: 0 }),
        ended,
        event('message_stop'),
      ]),
    );
    expect(body?.content).toEqual([{ type: 'thinking', thinking: 'Tides', signature: 's' }]);
  });

  it('names the model that answered, where the provider fell back to another in the middle', () => {
    const { body } = foldEvents(
      messagesSurface.createFolder(),
      eventsOf([
        event('message_start', { message: { id: 'm', type: 'message', model: 'claude-opus-5' } }),
        event('content_block_start', {
          index: 0,
          content_block: {
            type: 'fallback',
            from: { model: 'claude-opus-5' },
            to: { model: 'claude-sonnet-5' },
          },
        }),
        event('content_block_stop', { index: 0 }),
        ended,
        event('message_stop'),
      ]),
    );
    expect(body).toMatchObject({ model: 'claude-sonnet-5', content: [{ type: 'fallback' }] });
  });

  it('keeps deltas that nobody documented', () => {
    const folded = foldEvents(
      messagesSurface.createFolder(),
      eventsOf([
        started,
        event('content_block_start', { index: 0, content_block: { type: 'poem', verse: '' } }),
        event('content_block_delta', { index: 0, delta: { type: 'verse_delta', verse: 'Roses ' } }),
        event('content_block_delta', { index: 0, delta: { type: 'verse_delta', verse: 'are' } }),
        event('content_block_stop', { index: 0 }),
        ended,
        event('message_stop'),
      ]),
    );
    expect(folded.body).toMatchObject({ content: [{ type: 'poem', verse: 'Roses are' }] });
  });

  it('takes only whole answers for proven', () => {
    const answer = (fields: JsonObject): JsonObject => ({
      type: 'message',
      content: [{ type: 'text', text: 'x' }],
      stop_reason: 'end_turn',
      ...fields,
    });
    const call = { type: 'tool_use', id: 't', name: 'look', input: {} };
    const verdict = (body: JsonObject): boolean => messagesSurface.judge(body, {}).complete;
    for (const whole of [
      {},
      { stop_reason: 'max_tokens' },
      { stop_reason: 'stop_sequence' },
      { stop_reason: 'tool_use', content: [call] },
    ])
      expect(verdict(answer(whole)), JSON.stringify(whole)).toBe(true);
    for (const broken of [
      { stop_reason: null },
      { stop_reason: 'refusal' },
      { stop_reason: 'pause_turn' },
      { stop_reason: 'model_context_window_exceeded' },
      { content: [] },
      { content: [{ type: 'text', text: '' }] },
      { content: [{ type: 'thinking', thinking: 'only' }], stop_reason: 'max_tokens' },
      { content: [call], stop_reason: 'max_tokens' },
      { type: 'error', error: { type: 'api_error', message: 'in a 200' } },
    ] satisfies JsonObject[])
      expect(verdict(answer(broken)), JSON.stringify(broken)).toBe(false);
  });

  it('adds up the three kinds of input tokens', () => {
    const counts = {
      input_tokens: 3,
      cache_read_input_tokens: 50,
      cache_creation_input_tokens: 7,
      output_tokens: 11,
      output_tokens_details: { thinking_tokens: 4 },
    };
    expect(messagesSurface.usage({ usage: counts })).toEqual({
      inputTokens: 60,
      cachedInputTokens: 50,
      outputTokens: 11,
      reasoningTokens: 4,
    });
    expect(messagesSurface.usage({ usage: { ...counts, input_tokens: null } })).toBeUndefined();
    expect(messagesSurface.usage({})).toBeUndefined();
  });

  it('bypasses what depends on more than the request shows', () => {
    const reason = (request: JsonObject): string | undefined => messagesSurface.bypassReason(request);
    const image = (source: JsonObject): JsonObject => ({
      role: 'user',
      content: [{ type: 'image', source }],
    });
    const inResult = {
      role: 'user',
      content: [{ type: 'tool_result', ...{ content: image({ type: 'url' }).content } }],
    };
    for (const request of [
      { tools: [{ type: 'web_search_20260318', name: 'web_search' }] },
      {
        tools: [
          { name: 'mine', input_schema: {} },
          { type: 'code_execution_20260521', name: 'code_execution' },
        ],
      },
      { mcp_servers: [{ type: 'url', url: 'https://example.com', name: 'x' }] },
      { container: 'container_1' },
      { messages: [image({ type: 'url', url: 'https://example.com/now.jpg' })] },
      { messages: [asJson(inResult)] },
    ] satisfies JsonObject[])
      expect(reason(request), JSON.stringify(request)).toBeDefined();
    for (const request of [
      {
        tools: [
          { name: 'mine', input_schema: {} },
          { type: 'custom', name: 'other', input_schema: {} },
        ],
      },
      { tools: [{ type: 'bash_20250124', name: 'bash' }] },
      { mcp_servers: [], container: null },
      {
        messages: [image({ type: 'base64', data: 'aGk=' }), { role: 'user', content: 'https://example.com' }],
      },
    ] satisfies JsonObject[])
      expect(reason(request), JSON.stringify(request)).toBeUndefined();
  });

  it('names its errors as the API does, and ours in their details', () => {
    const failure = { code: 'AI_TIMEOUT', message: 'Too long.', hint: 'Wait.', status: 504 };
    expect(messagesSurface.errorBody(failure, 'r1')).toEqual({
      type: 'error',
      error: { type: 'timeout_error', message: 'Too long. Wait.', details: { error_code: 'AI_TIMEOUT' } },
      request_id: 'r1',
    });
    const types = [400, 404, 418, 429, 500, 502, 529].map((status) => {
      const { error } = messagesSurface.errorBody({ ...failure, status }, 'r1');
      return isJsonObject(error) ? error.type : undefined;
    });
    expect(types).toEqual([
      'invalid_request_error',
      'not_found_error',
      'invalid_request_error',
      'rate_limit_error',
      'api_error',
      'api_error',
      'overloaded_error',
    ]);
    const frame = readEvents(messagesSurface.errorFrame(failure, 'r1'));
    expect(frame).toMatchObject([{ event: 'error' }]);
    expect(foldEvents(messagesSurface.createFolder(), frame).error).toMatchObject({ type: 'timeout_error' });
    const inBody = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    // Beside it may lie what looks like an answer that says nothing.
    for (const body of [inBody, { ...inBody, content: [], stop_reason: 'end_turn' }])
      expect(
        foldEvents(messagesSurface.createFolder(), readEvents(messagesSurface.expand(body))).error,
      ).toEqual(inBody.error);
  });

  it('names a version where the caller names none, and sends no API key as a bearer token', () => {
    const own = { 'x-api-key': 'k', authorization: 'Bearer k' };
    expect(messagesSurface.upstreamHeaders?.(own)).toEqual({
      'x-api-key': 'k',
      'anthropic-version': '2023-06-01',
    });
    const oauth = { authorization: 'Bearer token', 'anthropic-version': '2026-10-21' };
    expect(messagesSurface.upstreamHeaders?.(oauth)).toEqual(oauth);
  });
});
