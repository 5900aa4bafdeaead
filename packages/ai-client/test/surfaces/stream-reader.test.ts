import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unpackEvents } from '../../src/packed/unpack-events.js';
import { readEvents, writeData, writeEvent } from '../../src/sse/events.js';
import { SseFramer } from '../../src/sse/framer.js';
import { ChatFolder } from '../../src/surfaces/chat-fold.js';
import { type EventFolder, foldEvents } from '../../src/surfaces/event-folder.js';
import { MessageFolder } from '../../src/surfaces/messages-fold.js';
import { ResponseFolder } from '../../src/surfaces/responses-fold.js';
import { StreamReader } from '../../src/surfaces/stream-reader.js';

const text = fc.string({ unit: fc.constantFrom(...'ab "\\\n{}:,é😀', 'content', '\u007f', '\ud800') });
const few = fc.constantFrom('one', 'two', 'é');

const delta = fc.oneof(
  { weight: 6, arbitrary: fc.record({ content: text }) },
  fc.record({ reasoning_content: text }),
  fc.record({ content: text, reasoning_content: text }),
  fc.record({ role: fc.constant('assistant') }),
  fc.record({ id: few }),
  fc.record({
    tool_calls: fc.array(fc.record({ index: fc.nat(1), function: fc.record({ arguments: text }) }), {
      maxLength: 2,
    }),
  }),
  fc.constant({}),
);

const choice = fc.record({
  index: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2) }),
  delta,
  logprobs: fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, fc.constant({ content: [{ token: 't' }] })),
  finish_reason: fc.oneof({ weight: 8, arbitrary: fc.constant(null) }, fc.constant('stop')),
});

const usage = { prompt_tokens: 3, completion_tokens: 4 };

const chunk = fc.oneof(
  { weight: 12, arbitrary: choice.map((one) => writeData(JSON.stringify({ id: 'c1', choices: [one] }))) },
  {
    weight: 12,
    // As OpenAI sends them: with padding, here also where it does not belong.
    arbitrary: fc
      .tuple(text, text, fc.constantFrom('event', 'event', 'event', 'choice', 'delta'))
      .map(([content, obfuscation, place]) => {
        const padding = (at: string): { obfuscation?: string } => (at === place ? { obfuscation } : {});
        const one = { index: 0, delta: { content, ...padding('delta') }, ...padding('choice') };
        return writeData(JSON.stringify({ id: 'c1', choices: [one], ...padding('event') }));
      }),
  },
  {
    weight: 3,
    // Members that are told twice, or written in another way.
    arbitrary: fc
      .tuple(few, few, fc.constantFrom('content', 'cont\\u0065nt', 'role'))
      .map(
        ([one, two, name]) =>
          `data: {"choices":[{"index":0,"delta":{"content":"${one}","${name}":"${two}"}}]}\n\n`,
      ),
  },
  fc
    .tuple(few, fc.nat(12))
    .map(([said, index]) => writeData(JSON.stringify({ choices: [{ index, delta: { content: said } }] }))),
  fc.array(choice, { maxLength: 3 }).map((choices) => writeData(JSON.stringify({ id: 'c1', choices }))),
  fc.constant(writeData(JSON.stringify({ id: 'c1', choices: [], usage }))),
  fc.constant(writeData(JSON.stringify({ id: 'c1', choices: [{ index: 0, delta: {} }], usage }))),
  fc.constantFrom(
    ': keep-alive\n\n',
    '\n',
    writeData('[DONE]'),
    'event: ping\ndata: {"a":1}\n\n',
    'id: 1\n\n',
  ),
  text.map(
    (said) => `data: {"id":"c1",\ndata: "choices":[{"delta":{"content":${JSON.stringify(said)}}}]}\n\n`,
  ),
  fc.constant('data: {"id":"c1","choices":[{"delta":{"content":"x"}}]}\r\n\r\n'),
  fc.constantFrom(writeData('{"error":{"message":"Oops"}}'), writeData('{"cut')),
);

const block = fc.nat(1);
const messageEvent = (event: { type: string }): string => writeEvent(event.type, JSON.stringify(event));
const messageChunk = fc.oneof(
  { weight: 2, arbitrary: block.map((index) => ({ type: 'content_block_start', index, content_block: {} })) },
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('content_block_delta'),
      index: block,
      delta: fc.oneof(
        fc.record({ type: fc.constant('text_delta'), text }),
        fc.record({ type: fc.constant('thinking_delta'), thinking: text }),
        fc.record({ type: fc.constant('input_json_delta'), partial_json: text }),
        fc.record({ type: fc.constant('text_delta'), text, extra: few }),
      ),
    }),
  },
  block.map((index) => ({ type: 'content_block_stop', index })),
  fc.constant({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 3 } }),
  fc.constantFrom({ type: 'ping' }, { type: 'message_stop' }),
);

const responseEvent = (event: { type: string }): string => writeEvent(event.type, JSON.stringify(event));
const position = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2) });
const responseChunk = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record(
      {
        type: fc.constantFrom(
          'response.output_text.delta',
          'response.output_text.delta',
          'response.function_call_arguments.delta',
          'response.reasoning_summary_text.delta',
        ),
        item_id: few,
        output_index: position,
        content_index: position,
        delta: text,
        sequence_number: fc.nat(2000),
        obfuscation: text,
        logprobs: fc.oneof(
          { weight: 6, arbitrary: fc.constant([]) },
          { weight: 1, arbitrary: fc.constant([{ token: 't' }]) },
        ),
      },
      { requiredKeys: ['type', 'output_index', 'delta'] },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('response.output_item.added', 'response.output_item.done'),
      output_index: position,
      item: fc.record({ id: few, type: fc.constantFrom('message', 'function_call', 'reasoning') }),
    }),
  },
  fc.record({ type: fc.constant('response.output_text.done'), output_index: position, text }),
  fc.constantFrom({ type: 'response.completed', response: { status: 'completed' } }, { type: 'ping' }),
);

/** The stream as groups of whole events, which the network cut at these places. */
function groupsOf(stream: Buffer, places: readonly number[]): Uint8Array[] {
  const framer = new SseFramer();
  const ends = [...places.map((place) => place % (stream.length + 1)), stream.length].sort((a, b) => a - b);
  const groups = ends.flatMap((end, at) => framer.push(stream.subarray(ends[at - 1] ?? 0, end)) ?? []);
  const rest = framer.rest();
  return rest === undefined ? groups : [...groups, rest];
}

describe('StreamReader', () => {
  const places = fc.array(fc.nat(), { maxLength: 6 });

  /** What it makes of a stream in groups must be what reading event by event makes of it. */
  function check(createFolder: () => EventFolder, stream: Buffer, cuts: readonly number[]): void {
    const reader = new StreamReader(createFolder());
    let passed = 0;
    /** An event may begin in a group with the second half of the line end before it. */
    const lines = (start: number, end: number): string => stream.subarray(start, end).toString().trim();
    const found: string[] = [];
    for (const group of groupsOf(stream, cuts)) {
      const range = reader.push(group);
      if (range !== undefined) found.push(lines(passed + range[0], passed + range[1]));
      passed += group.length;
      const soFar = reader.packed();
      if (soFar !== undefined)
        expect(unpackEvents(soFar, passed).equals(stream.subarray(0, passed))).toBe(true);
    }
    const folder = createFolder();
    const reporting = readEvents(stream).filter((event) => folder.add(event) === 'reports-usage-only');
    expect(reader.end()).toEqual(folder.end());
    const told = reporting.map(({ start, end }) => lines(start, end));
    // A group tells of one of them; a provider sends one.
    if (told.length === 1) expect(found).toEqual(told);
    else expect(told).toEqual(expect.arrayContaining(found));
  }

  it('makes of any chat stream what parsing each event makes of it, and finds the usage', () => {
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 30 }), places, (chunks, cuts) => {
        check(() => new ChatFolder(), Buffer.from(chunks.join('')), cuts);
      }),
      { numRuns: 2000 },
    );
  });

  it('makes of any stream of a message what parsing each event makes of it', () => {
    fc.assert(
      fc.property(fc.array(messageChunk, { maxLength: 30 }), places, (chunks, cuts) => {
        const started = { type: 'message_start', message: { id: 'm', usage: {} } };
        const stream = Buffer.from([started, ...chunks].map(messageEvent).join(''));
        check(() => new MessageFolder(), stream, cuts);
      }),
      { numRuns: 1000 },
    );
  });

  it('makes of any stream of a response what parsing each event makes of it', () => {
    fc.assert(
      fc.property(fc.array(responseChunk, { maxLength: 30 }), places, (chunks, cuts) => {
        const items = ['message', 'function_call', 'reasoning'].map((type, output_index) => ({
          type: 'response.output_item.added',
          output_index,
          item: { type },
        }));
        const stream = Buffer.from([...items, ...chunks].map(responseEvent).join(''));
        check(() => new ResponseFolder(), stream, cuts);
      }),
      { numRuns: 1000 },
    );
  });

  it('reads nearly every event of a stream without parsing it, padded and counted ones as well', () => {
    let parsed = 0;
    const counting = (folder: EventFolder): EventFolder => ({
      add: (event) => {
        parsed++;
        return folder.add(event);
      },
      end: () => folder.end(),
    });
    const padded = Array.from({ length: 40 }, (_, index) =>
      writeData(
        JSON.stringify({
          choices: [{ index: 0, delta: { content: `word ${index}` } }],
          obfuscation: 'abcdefgh'.slice(index % 8),
        }),
      ),
    );
    new StreamReader(counting(new ChatFolder())).push(Buffer.from(padded.join('')));
    expect(parsed).toBeLessThan(4);
    parsed = 0;
    const deltas = Array.from({ length: 40 }, (_, index) =>
      responseEvent({
        type: 'response.output_text.delta',
        ...{
          output_index: 0,
          content_index: 0,
          delta: `word ${index}`,
          sequence_number: index,
          logprobs: [],
        },
      }),
    );
    const added = { type: 'response.output_item.added', output_index: 0, item: { type: 'message' } };
    const reader = new StreamReader(counting(new ResponseFolder()));
    reader.push(Buffer.from(responseEvent(added) + deltas.join('')));
    expect(parsed).toBeLessThan(5);
    expect(reader.packed()?.length).toBeLessThan(1200);
  });

  it('finds the usage behind bytes that are no UTF-8', () => {
    const usageEvent = writeData(JSON.stringify({ choices: [], usage }));
    const broken = Buffer.from('data: {"choices":[{"delta":{"content":"\xff\xfe"}}]}\n\n', 'latin1');
    const reader = new StreamReader(new ChatFolder());
    expect(reader.push(Buffer.concat([broken, Buffer.from(usageEvent)]))).toEqual([
      broken.length,
      broken.length + usageEvent.length,
    ]);
    expect(foldEvents(new ChatFolder(), []).finished).toBe(false);
  });
});
