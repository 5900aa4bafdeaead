import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject, jsonObjects } from '../../src/json.js';
import { readEvents, type SseEvent } from '../../src/sse/events.js';
import type { FoldedStream } from '../../src/surfaces/adapter.js';
import { foldEvents } from '../../src/surfaces/event-folder.js';
import { responsesSurface } from '../../src/surfaces/responses.js';
import { asJson, cuts, eventsOf, outline, payloads, reframed, text } from '../support/events.js';

const logprob = fc.record({ token: text, logprob: fc.integer({ max: 0 }), bytes: fc.array(fc.nat(255)) });
const spokenPart = fc
  .record(
    {
      type: fc.constant('output_text'),
      text,
      annotations: fc.array(
        fc.record({ type: fc.constant('url_citation'), url: fc.webUrl(), x: fc.jsonValue() }),
      ),
      logprobs: fc.array(logprob, { minLength: 1 }),
      tokenized: fc.boolean(),
    },
    { requiredKeys: ['type', 'text', 'annotations', 'tokenized'] },
  )
  // Usually the tokens are those of the text; a server may also tell others.
  .map(({ tokenized, ...part }) =>
    tokenized && part.logprobs !== undefined
      ? { ...part, text: part.logprobs.map(({ token }) => token).join('') }
      : part,
  );
const part = fc.oneof(
  spokenPart,
  fc.record({ type: fc.constant('refusal'), refusal: text }),
  fc.record({ type: fc.constant('output_hologram'), data: fc.jsonValue() }),
);
const id = fc.uuid();
const status = fc.constant('completed');
const item = fc.oneof(
  fc.record({
    id,
    type: fc.constant('message'),
    status,
    role: fc.constant('assistant'),
    content: fc.array(part),
  }),
  fc.record(
    {
      id,
      type: fc.constant('reasoning'),
      summary: fc.array(fc.record({ type: fc.constant('summary_text'), text })),
      content: fc.array(fc.record({ type: fc.constant('reasoning_text'), text })),
      encrypted_content: fc.base64String(),
    },
    { requiredKeys: ['id', 'type', 'summary'] },
  ),
  fc.record({
    id,
    type: fc.constant('function_call'),
    status,
    call_id: id,
    name: text,
    arguments: fc.json(),
  }),
  fc.record({ id, type: fc.constant('custom_tool_call'), status, call_id: id, name: text, input: text }),
  fc.record({ id, type: fc.constant('hologram_call'), x_unknown: fc.jsonValue() }),
);
const usage = fc.record({
  input_tokens: fc.nat(),
  input_tokens_details: fc.record({ cached_tokens: fc.nat() }),
  output_tokens: fc.nat(),
  output_tokens_details: fc.record({ reasoning_tokens: fc.nat() }),
  total_tokens: fc.nat(),
});
const response = fc
  .record(
    {
      id,
      object: fc.constant('response'),
      created_at: fc.nat(),
      completed_at: fc.nat(),
      status: fc.constantFrom('completed', 'incomplete'),
      error: fc.constant(null),
      incomplete_details: fc.oneof(
        fc.constant(null),
        fc.record({ reason: fc.constant('max_output_tokens') }),
      ),
      model: fc.constant('m'),
      output: fc.array(item, { maxLength: 4 }),
      usage,
      metadata: fc.dictionary(fc.string(), fc.string()),
      x_unknown: fc.jsonValue(),
    },
    { requiredKeys: ['id', 'object', 'status', 'model', 'output', 'usage'] },
  )
  .map(asJson);

/** The same stream from a server whose terminal event leaves the output out. */
function withoutFinalOutput(stream: Uint8Array): JsonObject[] {
  return payloads(stream).map((event) =>
    /\.(completed|incomplete)$/.test(String(event.type)) && isJsonObject(event.response)
      ? { ...event, response: { ...event.response, output: [] } }
      : event,
  );
}

const event = (type: string, fields: JsonObject = {}): JsonObject => ({ type, ...fields });

describe('responses surface', () => {
  it('gives the same body after a way through a stream, and the same stream again', () => {
    fc.assert(
      fc.property(response, cuts, (body, at) => {
        const stream = responsesSurface.expand(body);
        const folded = foldEvents(responsesSurface.createFolder(), reframed(stream, at));
        expect(folded).toEqual({ body, terminated: true, finished: true });
        expect(Buffer.from(responsesSurface.expand(folded.body ?? {})).equals(Buffer.from(stream))).toBe(
          true,
        );
      }),
    );
  });

  it('puts the output together from its items where the terminal event lacks it', () => {
    fc.assert(
      fc.property(response, (body) => {
        const events = withoutFinalOutput(responsesSurface.expand(body));
        expect(foldEvents(responsesSurface.createFolder(), eventsOf(events)).body).toEqual(body);
      }),
    );
  });

  it('puts the output together from its deltas alone', () => {
    fc.assert(
      fc.property(response, (body) => {
        const events = withoutFinalOutput(responsesSurface.expand(body));
        const deltas = events.filter(({ type }) => !String(type).endsWith('.done'));
        const output = jsonObjects(body.output).map((whole) =>
          whole.status === undefined ? whole : { ...whole, status: 'in_progress' },
        );
        expect(foldEvents(responsesSurface.createFolder(), eventsOf(deltas)).body).toEqual({
          ...body,
          output,
        });
      }),
    );
  });

  it('numbers its events, and names each by its type', () => {
    fc.assert(
      fc.property(response, (body) => {
        const stream = responsesSurface.expand(body);
        const all = payloads(stream);
        expect(all.map(({ sequence_number }) => sequence_number)).toEqual([...all.keys()]);
        expect(readEvents(stream).map(({ event: name }) => name)).toEqual(all.map(({ type }) => type));
      }),
    );
  });

  it('writes the events in the order of the API', () => {
    const body = {
      id: 'r',
      status: 'completed',
      output: [
        { id: 'rs', type: 'reasoning', summary: [{ type: 'summary_text', text: 'So be it' }] },
        {
          id: 'msg',
          type: 'message',
          status: 'completed',
          content: [
            { type: 'output_text', text: 'Hello there', annotations: [{ type: 'file_path' }], logprobs: [] },
          ],
        },
        { id: 'fc', type: 'function_call', status: 'completed', name: 'look', arguments: '{"at": 1}' },
      ],
      usage: { input_tokens: 1 },
    };
    const stream = responsesSurface.expand(body);
    expect(outline(stream)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.reasoning_summary_part.added',
      'response.reasoning_summary_text.delta',
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.annotation.added',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const all = payloads(stream);
    expect(all[0]).toMatchObject({ response: { id: 'r', status: 'in_progress', output: [], usage: null } });
    const added = all.filter(({ type }) => type === 'response.output_item.added');
    expect(added).toMatchObject([
      { output_index: 0, item: { id: 'rs', summary: [] } },
      { output_index: 1, item: { id: 'msg', status: 'in_progress', content: [] } },
      { output_index: 2, item: { id: 'fc', status: 'in_progress', arguments: '' } },
    ]);
    expect(all.filter(({ type }) => type === 'response.output_text.delta')).toMatchObject([
      { item_id: 'msg', output_index: 1, content_index: 0, delta: 'Hello' },
      { delta: ' there' },
    ]);
  });

  it('gives each token its own probability', () => {
    const tokens = ['Hel', 'lo', ' you'].map((token) => ({ token, logprob: -1 }));
    const content = [{ type: 'output_text', text: 'Hello you', annotations: [], logprobs: tokens }];
    const stream = responsesSurface.expand({ status: 'completed', output: [{ type: 'message', content }] });
    const deltas = payloads(stream).filter(({ type }) => type === 'response.output_text.delta');
    expect(deltas.map(({ delta }) => delta)).toEqual(['Hel', 'lo', ' you']);
    expect(deltas.map(({ logprobs }) => logprobs)).toEqual(tokens.map((token) => [token]));
  });

  it('sees an error inside the stream in either of its forms, a failure, a missing end and what is no JSON', () => {
    const created = event('response.created', { response: { id: 'r', status: 'in_progress', output: [] } });
    const fold = (events: readonly SseEvent[]): FoldedStream =>
      foldEvents(responsesSurface.createFolder(), events);
    const nested = event('error', { sequence_number: 1, error: { code: 'server_error', message: 'Oops' } });
    expect(fold(eventsOf([created, nested])).error).toEqual({ code: 'server_error', message: 'Oops' });
    const flat = event('error', { sequence_number: 1, code: 'server_error', message: 'Oops', param: null });
    expect(fold(eventsOf([created, flat])).error).toEqual({
      code: 'server_error',
      message: 'Oops',
      param: null,
    });
    const error = { code: 'rate_limit_exceeded', message: 'Slow down' };
    const failed = event('response.failed', { response: { status: 'failed', error, output: [] } });
    expect(fold(eventsOf([created, failed]))).toMatchObject({
      terminated: true,
      error,
      body: { status: 'failed' },
    });
    expect(fold(eventsOf([created]))).toEqual({ terminated: false, finished: false });
    expect(fold(readEvents(Buffer.from('event: response.created\ndata: {"type"\n\n'))).error).toBeDefined();
    const open = event('response.completed', { response: { status: 'in_progress', output: [] } });
    expect(fold(eventsOf([created, open]))).toMatchObject({ terminated: true, finished: false });
  });

  it('takes only whole answers for proven', () => {
    const said = { type: 'message', status: 'completed', content: [{ type: 'output_text', text: 'x' }] };
    const answer = (fields: JsonObject): JsonObject => ({ status: 'completed', output: [said], ...fields });
    const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    const limited = { max_output_tokens: 5 };
    const verdict = (body: JsonObject, request: JsonObject = {}): boolean =>
      responsesSurface.judge(body, request).complete;
    expect(verdict(answer({}))).toBe(true);
    expect(verdict(answer({ incomplete_details: null, error: null }))).toBe(true);
    expect(verdict(answer({ output: [{ type: 'function_call', name: 'f', arguments: '' }] }))).toBe(true);
    expect(verdict(answer({ output: [{ ...said, content: [{ type: 'refusal', refusal: 'No.' }] }] }))).toBe(
      true,
    );
    expect(verdict(answer({ ...cut, output: [{ ...said, status: 'incomplete' }] }), limited)).toBe(true);
    expect(verdict(answer(cut))).toBe(false);
    for (const broken of [
      { status: 'in_progress' },
      { status: 'failed', error: { message: 'no' } },
      { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
      { output: [] },
      { output: [{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'thinking' }] }] },
      { output: [{ ...said, content: [] }] },
      { output: [{ ...said, content: [{ type: 'output_text', text: '' }] }] },
      { output: [{ ...said, status: 'incomplete' }] },
      { error: { message: 'in a 200' } },
    ] satisfies JsonObject[])
      expect(verdict(answer(broken), limited), JSON.stringify(broken)).toBe(false);
  });

  it('tells the usage, cached and reasoning tokens included', () => {
    const counts = {
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 4 },
      output_tokens: 8,
      output_tokens_details: { reasoning_tokens: 3 },
    };
    expect(responsesSurface.usage({ usage: counts })).toEqual({
      inputTokens: 10,
      cachedInputTokens: 4,
      outputTokens: 8,
      reasoningTokens: 3,
    });
    expect(responsesSurface.usage({ usage: null })).toBeUndefined();
  });

  it('bypasses what depends on more than the request shows', () => {
    const reason = (request: JsonObject): string | undefined => responsesSurface.bypassReason(request);
    const message = (content: JsonObject): JsonObject => ({ role: 'user', content: [content] });
    for (const request of [
      { background: true },
      { previous_response_id: 'resp_1' },
      { conversation: { id: 'conv_1' } },
      { prompt: { id: 'pmpt_1' } },
      { input: [{ type: 'item_reference', id: 'msg_1' }] },
      { input: [{ id: 'msg_1' }] },
      { input: [{ id: 'msg_1', type: null }] },
      { input: [message({ type: 'input_image', image_url: 'https://example.com/now.jpg' })] },
      { input: [message({ type: 'input_file', file_url: 'https://example.com/a.pdf' })] },
      { input: [{ type: 'additional_tools', tools: [{ type: 'mcp' }] }] },
      { tools: [{ type: 'namespace', tools: [{ type: 'mcp' }] }] },
      ...[
        'web_search',
        'file_search',
        'code_interpreter',
        'mcp',
        'computer_use_preview',
        'image_generation',
        'shell',
      ].map((type) => ({ tools: [{ type: 'function', name: 'f' }, { type }] })),
    ] satisfies JsonObject[])
      expect(reason(request), JSON.stringify(request)).toBeDefined();
    for (const request of [
      { background: false, previous_response_id: null, conversation: null, store: true },
      { prompt: { id: 'pmpt_1', version: '2' } },
      { input: 'https://example.com/now.jpg' },
      { input: [{ id: 'msg_1', role: 'assistant', content: 'At six.' }] },
      { input: [message({ type: 'input_image', image_url: 'data:image/png;base64,aGk=' })] },
      { input: [message({ type: 'input_file', file_id: 'file_1' })] },
      { tools: [{ type: 'function' }, { type: 'custom' }, { type: 'local_shell' }, { type: 'apply_patch' }] },
      { tools: [{ type: 'namespace', tools: [{ type: 'function' }] }] },
    ] satisfies JsonObject[])
      expect(reason(request), JSON.stringify(request)).toBeUndefined();
  });

  it('writes its errors where SDKs look for them', () => {
    const failure = { code: 'AI_STREAM_INCOMPLETE', message: 'Cut.', hint: 'Again.', status: 502 };
    const frame = readEvents(responsesSurface.errorFrame(failure, 'r1'));
    expect(frame).toMatchObject([{ event: 'error' }]);
    expect(payloads(responsesSurface.errorFrame(failure, 'r1'))).toMatchObject([
      {
        type: 'error',
        code: 'AI_STREAM_INCOMPLETE',
        message: 'Cut. Again.',
        error: { type: 'server_error' },
      },
    ]);
    expect(foldEvents(responsesSurface.createFolder(), frame).error).toMatchObject({
      code: 'AI_STREAM_INCOMPLETE',
      request_id: 'r1',
    });
    const inBody = { error: { message: 'Oops', type: 'server_error', param: null, code: null } };
    expect(
      foldEvents(responsesSurface.createFolder(), readEvents(responsesSurface.expand(inBody))).error,
    ).toEqual(inBody.error);
  });
});
