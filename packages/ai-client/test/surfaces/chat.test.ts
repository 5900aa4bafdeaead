import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/json.js';
import { readEvents, writeData } from '../../src/sse/events.js';
import type { FoldedStream } from '../../src/surfaces/adapter.js';
import { chatSurface } from '../../src/surfaces/chat.js';
import { foldEvents } from '../../src/surfaces/event-folder.js';

function stream(...chunks: readonly (object | string)[]): Buffer {
  return Buffer.from(
    chunks.map((chunk) => writeData(typeof chunk === 'string' ? chunk : JSON.stringify(chunk))).join(''),
  );
}

function fold(...chunks: readonly (object | string)[]): FoldedStream {
  return foldEvents(chatSurface.createFolder(), readEvents(stream(...chunks)));
}

const delta = (value: object, rest: object = {}): object => ({
  id: 'c',
  choices: [{ index: 0, delta: value, ...rest }],
});
const stop = { finish_reason: 'stop' };

const text = fc.string({ unit: 'grapheme', minLength: 1 });
const toolCall = fc.record({
  id: fc.uuid(),
  type: fc.constant('function'),
  function: fc.record({ name: fc.constantFrom('look', 'find'), arguments: fc.json() }),
});
const message = fc.record(
  {
    role: fc.constant('assistant'),
    content: fc.oneof(text, fc.constant(null)),
    refusal: text,
    reasoning_content: text,
    tool_calls: fc.array(toolCall, { minLength: 1, maxLength: 3 }),
    x_unknown: fc.record({ a: fc.integer() }),
  },
  { requiredKeys: ['role', 'content'] },
);
const token = fc.record({
  token: text,
  logprob: fc.integer({ min: -100, max: 0 }),
  top_logprobs: fc.constant([]),
});
const body = fc.record(
  {
    id: fc.uuid(),
    object: fc.constant('chat.completion'),
    created: fc.nat(),
    model: fc.constant('m'),
    system_fingerprint: text,
    x_top: fc.jsonValue().filter((value) => value !== null),
    usage: fc.record({ prompt_tokens: fc.nat(), completion_tokens: fc.nat(), total_tokens: fc.nat() }),
    choices: fc.array(
      fc.record(
        {
          message,
          logprobs: fc.record({ content: fc.array(token) }),
          finish_reason: fc.constantFrom('stop', 'tool_calls'),
        },
        { requiredKeys: ['message', 'finish_reason'] },
      ),
      { minLength: 1, maxLength: 3 },
    ),
  },
  { requiredKeys: ['id', 'object', 'created', 'model', 'choices'] },
);

describe('chat surface', () => {
  it('gives the same body after a way through a stream', () => {
    fc.assert(
      fc.property(body, (original) => {
        const numbered = {
          ...original,
          choices: original.choices.map((choice, index) => ({ index, ...choice })),
        };
        const whole = JSON.parse(JSON.stringify(numbered)) as JsonObject;
        const {
          body: folded,
          terminated,
          finished,
        } = foldEvents(chatSurface.createFolder(), readEvents(chatSurface.expand(whole)));
        expect(folded).toEqual(whole);
        expect({ terminated, finished }).toEqual({ terminated: true, finished: true });
      }),
    );
  });

  it('joins text, reasoning, refusals and split tool arguments, by choice and by index', () => {
    const { body: folded } = fold(
      delta({ role: 'assistant', content: '', reasoning_content: 'Let ' }),
      delta({ reasoning_content: 'me think' }),
      delta({ content: 'Hel' }),
      { choices: [{ index: 1, delta: { role: 'assistant', content: 'Other' }, finish_reason: 'stop' }] },
      delta({ content: 'lo' }),
      delta({
        tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'find', arguments: '' } }],
      }),
      delta({
        tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'look', arguments: '{"q"' } }],
      }),
      delta({
        tool_calls: [
          { index: 0, function: { arguments: ':1}' } },
          { index: 1, function: { arguments: '{}' } },
        ],
      }),
      delta({}, { finish_reason: 'tool_calls' }),
      { id: 'c', choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } },
      '[DONE]',
    );
    expect(folded).toMatchObject({
      id: 'c',
      usage: { prompt_tokens: 1 },
      choices: [
        {
          index: 0,
          finish_reason: 'tool_calls',
          message: {
            content: 'Hello',
            reasoning_content: 'Let me think',
            tool_calls: [
              { id: 'a', function: { name: 'look', arguments: '{"q":1}' } },
              { id: 'b', function: { name: 'find', arguments: '{}' } },
            ],
          },
        },
        { index: 1, message: { content: 'Other' } },
      ],
    });
  });

  it('sees an error inside the stream, a missing end and what is no JSON', () => {
    expect(fold(delta({ content: 'x' }), { error: { message: 'overloaded' } })).toMatchObject({
      error: { message: 'overloaded' },
    });
    expect(fold(delta({ content: 'x' }))).toMatchObject({ terminated: false, finished: false });
    expect(fold(delta({ content: 'x' }, stop))).toMatchObject({ terminated: false, finished: true });
    expect(fold(delta({ content: 'x' }), 'garbage', '[DONE]').error).toBeDefined();
    expect(fold('[DONE]').body).toBeUndefined();
    const named = Buffer.from('event: error\ndata: {"message":"overloaded"}\n\n');
    const events = readEvents(
      Buffer.concat([stream(delta({ content: 'x' }, stop)), named, stream('[DONE]')]),
    );
    expect(foldEvents(chatSurface.createFolder(), events)).toMatchObject({
      terminated: false,
      error: { message: 'overloaded' },
    });
  });

  it('takes only whole answers for proven', () => {
    const answer = (choice: object, rest: object = {}): JsonObject =>
      ({
        choices: [{ index: 0, message: { content: 'x' }, finish_reason: 'stop', ...choice }],
        ...rest,
      }) as JsonObject;
    const request = { model: 'm' };
    const verdict = (whole: JsonObject, asked: JsonObject = request): boolean =>
      chatSurface.judge(whole, asked).complete;
    expect(verdict(answer({}))).toBe(true);
    expect(verdict(answer({ message: { content: null, tool_calls: [{ id: 'a' }] } }))).toBe(true);
    expect(verdict(answer({ message: { content: null, refusal: 'No.' } }))).toBe(true);
    expect(verdict(answer({ finish_reason: 'length' }), { ...request, max_tokens: 5 })).toBe(true);
    for (const broken of [
      { choices: [] },
      { error: { message: 'in a 200' } },
      answer({ finish_reason: null }),
      answer({ finish_reason: 'length' }),
      answer({ finish_reason: 'content_filter' }),
      answer({ message: { content: '' } }),
      answer({ message: {} }),
      answer({}, { error: { message: 'late' } }),
      answer({ error: { message: 'in a choice', code: 502 } }),
    ]) {
      expect(verdict(broken as JsonObject), JSON.stringify(broken)).toBe(false);
    }
    expect(verdict(answer({}), { ...request, n: 2 })).toBe(false);
  });

  it('takes no answer for proven that was cut where the request did not say, or in a call', () => {
    const limited = { model: 'm', max_tokens: 5 };
    const cut = (fields: JsonObject): unknown => {
      const choice = { index: 0, message: { content: 'x' }, finish_reason: 'length', ...fields };
      return chatSurface.judge({ choices: [choice] }, limited);
    };
    expect(cut({})).toEqual({ complete: true });
    expect(cut({ native_finish_reason: 'max_tokens' })).toEqual({ complete: true });
    expect(cut({ native_finish_reason: 'model_context_window_exceeded' })).toMatchObject({ complete: false });
    const call = { id: 'a', type: 'function', function: { name: 'look', arguments: '{"at":' } };
    expect(cut({ message: { content: null, tool_calls: [call] } })).toEqual({
      complete: false,
      reason: 'a tool call that was cut off',
    });
  });

  it('asks for the usage of a stream without touching another byte', () => {
    const prepare = (source: string): string =>
      Buffer.from(chatSurface.upstreamBody(Buffer.from(source), JSON.parse(source))).toString();
    expect(prepare('{"stream":false,"model":"m"}')).toBe('{"stream":false,"model":"m"}');
    expect(prepare(' {\n"seed":1.50, "stream":true}')).toBe(
      ' {"stream_options":{"include_usage":true},\n"seed":1.50, "stream":true}',
    );
    const asked = '{"stream":true,"stream_options":{"include_usage":true}}';
    expect(prepare(asked)).toBe(asked);
    // What a double cannot hold comes as it was written, too.
    expect(
      prepare(
        '{"seed":12345678901234567890, "stream_options":{"x":1,"include_usage":false},"top_p":1.0,"stream":true}',
      ),
    ).toBe(
      '{"seed":12345678901234567890, "stream_options":{"x":1,"include_usage":true},"top_p":1.0,"stream":true}',
    );
    expect(prepare('{"stream":true,"stream_options":null}')).toBe(asked);
  });

  it('does not cache what an address stands for, and does what is shown', () => {
    const ask = (part: JsonObject): string | undefined =>
      chatSurface.bypassReason({ messages: [{ role: 'user', content: [part] }] });
    for (const [type, name] of [
      ['image_url', 'url'],
      ['video_url', 'url'],
      ['file', 'file_data'],
    ] as const) {
      const part = (url: string): JsonObject => ({ type, [type]: { [name]: url } });
      expect(ask(part('https://example.org/now')), type).toBe('what its URLs point at may change');
      expect(ask(part('data:image/png;base64,AAAA')), type).toBeUndefined();
    }
    // Some clients send the content of a file without a `data:` in front.
    expect(ask({ type: 'file', file: { file_data: 'JVBERi0=' } })).toBeUndefined();
    expect(chatSurface.bypassReason({ web_search_options: {} })).toContain('searches the web');
    expect(chatSurface.bypassReason({ web_search_options: null })).toBeUndefined();
    for (const model of [
      'gpt-4o-search-preview',
      'gpt-4o-mini-search-preview-2025-03-11',
      'gpt-5-search-api',
    ])
      expect(chatSurface.bypassReason({ model }), model).toContain('searches the web');
    expect(chatSurface.bypassReason({ model: 'web-search-previewer' })).toBeUndefined();
    expect(chatSurface.bypassReason({ data_sources: [{ type: 'azure_search' }] })).toContain('data_sources');
    expect(chatSurface.bypassReason({ data_sources: [] })).toBeUndefined();
  });
});

it.each(['[]', '[ ]', '[\t]', '[\r\n]'])(
  'looks for the usage behind a list of choices that is written as %j',
  (list) => {
    const event = (choices: string): Buffer => Buffer.from(`data: {"choices":${choices},"usage":null}\n\n`);
    expect(chatSurface.mayReportUsageAlone?.(event(list))).toBe(true);
    expect(chatSurface.mayReportUsageAlone?.(event('[{"delta":{}}]'))).toBe(false);
  },
);
