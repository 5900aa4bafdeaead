import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyAsEvents, type Entry, entryAsBody, entryAsEvents } from '../../src/entry.js';
import { GroupLog } from '../../src/flight/groups.js';
import { isJsonObject, type JsonObject, jsonObjects } from '../../src/json.js';
import type { SurfaceAdapter } from '../../src/surfaces/adapter.js';
import { chatSurface } from '../../src/surfaces/chat.js';
import { foldEvents } from '../../src/surfaces/event-folder.js';
import { messagesSurface } from '../../src/surfaces/messages.js';
import { responsesSurface } from '../../src/surfaces/responses.js';
import { asJson, cuts, cutText, groupsOf, payloads, reframed, text } from '../support/events.js';
import { interleave, wire, wireStyle } from '../support/wire.js';

const words = fc.oneof(text, fc.constant('漢字 😀 ü'));
const unknown = fc.record({ a: fc.integer(), b: fc.array(fc.constantFrom('x', null, true)) });
const logprob = fc.record({
  token: words,
  logprob: fc.integer({ min: -100, max: 0 }),
  bytes: fc.array(fc.nat(255)),
});
const message = fc.record(
  {
    role: fc.constant('assistant'),
    content: fc.oneof(words, fc.constant(null)),
    refusal: words,
    reasoning_content: words,
    reasoning: words,
    tool_calls: fc.array(
      fc.record({
        id: fc.uuid(),
        type: fc.constant('function'),
        function: fc.record({ name: fc.constantFrom('look', 'find'), arguments: fc.json() }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    x_unknown: unknown,
  },
  { requiredKeys: ['role', 'content'] },
);
const completion = fc
  .record(
    {
      id: fc.uuid(),
      object: fc.constant('chat.completion'),
      created: fc.nat(),
      model: fc.constant('m'),
      system_fingerprint: fc.constant('fp'),
      service_tier: fc.constant('default'),
      x_top: unknown,
      usage: fc.record({ prompt_tokens: fc.nat(), completion_tokens: fc.nat(), x_cost: unknown }),
      choices: fc.array(
        fc.record(
          {
            message,
            logprobs: fc.record({ content: fc.array(logprob, { maxLength: 4 }), refusal: fc.constant(null) }),
            finish_reason: fc.constantFrom('stop', 'tool_calls', 'length'),
            x_choice: unknown,
          },
          { requiredKeys: ['message', 'finish_reason'] },
        ),
        { minLength: 1, maxLength: 3 },
      ),
    },
    { requiredKeys: ['id', 'object', 'created', 'model', 'choices', 'usage'] },
  )
  .map((body) => asJson({ ...body, choices: body.choices.map((choice, index) => ({ index, ...choice })) }));

/** The chunks of one choice as a server may send them: pieces of its own, in an order of its own, and empty ones. */
function choiceChunks(choice: JsonObject, at: readonly number[], picks: readonly number[]): JsonObject[] {
  const { index = 0, message: whole, logprobs, finish_reason = null, ...rest } = choice;
  const { role = 'assistant', content, tool_calls, x_unknown, ...texts } = isJsonObject(whole) ? whole : {};
  const written = Object.entries({ content, ...texts }).map(([name, value]) =>
    typeof value === 'string' ? cutText(value, at).map((piece) => ({ [name]: piece })) : [],
  );
  const calls = jsonObjects(tool_calls).map((call, place) => {
    const named = isJsonObject(call.function) ? call.function : {};
    const pieces = cutText(String(named.arguments), at);
    return [
      { tool_calls: [{ index: place, ...call, function: { ...named, arguments: '' } }] },
      ...pieces.map((piece) => ({ tool_calls: [{ index: place, function: { arguments: piece } }] })),
    ];
  });
  const probable = isJsonObject(logprobs) && Array.isArray(logprobs.content) ? logprobs.content : [];
  const deltas: JsonObject[] = [
    {
      role,
      ...(content === null ? { content: null } : { content: '' }),
      ...(x_unknown === undefined ? {} : { x_unknown }),
    },
    ...interleave<JsonObject>([...written, ...calls, [{}, {}]], picks),
  ];
  const chunks = deltas.map((delta, place): JsonObject => {
    const mine =
      place === 0 ? [] : probable.slice(place - 1, place === deltas.length - 1 ? undefined : place);
    const known = logprobs === undefined ? {} : { logprobs: { content: mine, refusal: null } };
    return { index, delta, finish_reason: null, ...known };
  });
  return [...chunks, { index, delta: {}, finish_reason, ...rest }];
}

function chatLog(body: JsonObject, at: readonly number[], picks: readonly number[]): (JsonObject | string)[] {
  const { choices, usage, object: _object, ...head } = body;
  const lists = jsonObjects(choices).map((choice) => choiceChunks(choice, at, picks));
  const chunk = (fields: JsonObject): JsonObject => ({
    ...head,
    object: 'chat.completion.chunk',
    usage: null,
    ...fields,
  });
  return [
    // Azure tells of its filter first, in a chunk without choices.
    chunk({ choices: [] }),
    ...interleave(lists, picks).map((choice) => chunk({ choices: [choice] })),
    chunk({ choices: [], ...(usage === undefined ? {} : { usage }) }),
    '[DONE]',
  ];
}

/** What a flight keeps of a stream that comes in these groups. */
function logOf(adapter: SurfaceAdapter, groups: readonly Uint8Array[]): GroupLog {
  const log = new GroupLog(adapter, Number.POSITIVE_INFINITY);
  for (const group of groups) log.push(group);
  return log;
}

function streamEntry(bytes: Uint8Array): Entry {
  return { bytes, metadata: { shape: 'stream', name: 'a', upstreamMs: 1 } };
}

const picks = fc.array(fc.nat({ max: 7 }), { minLength: 1, maxLength: 20 });

describe('the event log of a chat completion, of any server', () => {
  it('makes the body that was streamed, whatever its pieces, their order, the line ends and the cuts', () => {
    fc.assert(
      fc.property(completion, cuts, picks, wireStyle, cuts, (body, at, order, style, network) => {
        const bytes = wire(chatLog(body, at, order), style, false);
        const folded = foldEvents(chatSurface.createFolder(), reframed(bytes, network));
        expect(folded).toEqual({ body, terminated: true, finished: true });
        const stored = streamEntry(bytes);
        expect(JSON.parse(Buffer.from(entryAsBody(stored, chatSurface)).toString())).toEqual(body);
        const log = logOf(chatSurface, groupsOf(bytes, network));
        expect(log.folded()).toEqual(folded);
        const [start, end] = log.usageEvent ?? [0, 0];
        const usage = Buffer.from(bytes.subarray(start, end)).toString();
        expect(usage).toContain(`"usage":${JSON.stringify(body.usage)}`);
        expect(usage).toContain('"choices":[]');
        // A stored stream is given again byte by byte.
        expect(entryAsEvents(stored, chatSurface).bytes).toBe(bytes);
      }),
      { numRuns: 300 },
    );
  });

  it('makes the same body after being written again as our own events', () => {
    fc.assert(
      fc.property(completion, cuts, picks, (body, at, order) => {
        const style = {
          lineEnd: '\n',
          byteOrderMark: false,
          commentEvery: 0,
          extras: false,
          tight: false,
        } as const;
        const once = entryAsBody(streamEntry(wire(chatLog(body, at, order), style, false)), chatSurface);
        const again = bodyAsEvents(once, chatSurface);
        expect(
          JSON.parse(Buffer.from(entryAsBody(streamEntry(again.bytes), chatSurface)).toString()),
        ).toEqual(body);
        const [start = 0, end = 0] = again.usageEvent ?? [];
        expect(Buffer.from(again.bytes.subarray(start, end)).toString()).toContain('"choices":[]');
      }),
    );
  });

  it('is never an answer with an error frame in it, wherever that stands, nor cut before its end', () => {
    const error = { error: { message: 'Oops', type: 'server_error', code: null } };
    fc.assert(
      fc.property(completion, cuts, picks, wireStyle, fc.nat(), (body, at, order, style, place) => {
        const log = chatLog(body, at, order);
        const broken = log.toSpliced(place % log.length, 0, error);
        const withError = foldEvents(chatSurface.createFolder(), reframed(wire(broken, style, false), at));
        expect(withError.error).toMatchObject({ message: 'Oops' });
        expect(withError.terminated && withError.error === undefined).toBe(false);
        const short = log.slice(0, place % log.length);
        const cut = foldEvents(chatSurface.createFolder(), reframed(wire(short, style, false), at));
        expect(cut.terminated).toBe(false);
      }),
    );
  });
});

describe('the events of the other surfaces', () => {
  const said = fc.array(words, { minLength: 1, maxLength: 4 });
  const messageOf = (texts: readonly string[]): JsonObject => ({
    id: 'm',
    type: 'message',
    role: 'assistant',
    model: 'claude-x',
    content: [
      { type: 'thinking', thinking: texts.join(' '), signature: 'c2ln' },
      ...texts.map((value) => ({ type: 'text', text: value })),
      { type: 'tool_use', id: 't', name: 'look', input: { q: texts.join() } },
    ],
    stop_reason: 'tool_use',
    stop_sequence: null,
    usage: { input_tokens: 1, output_tokens: 2 },
    x_unknown: { a: 1 },
  });
  const responseOf = (texts: readonly string[]): JsonObject => ({
    id: 'r',
    object: 'response',
    status: 'completed',
    model: 'm',
    output: [
      { id: 'rs', type: 'reasoning', summary: texts.map((value) => ({ type: 'summary_text', text: value })) },
      {
        id: 'ms',
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: texts.map((value) => ({ type: 'output_text', text: value, annotations: [] })),
      },
      {
        id: 'fc',
        type: 'function_call',
        status: 'completed',
        call_id: 'c',
        name: 'look',
        arguments: JSON.stringify(texts),
      },
    ],
    usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
    x_unknown: { a: 1 },
  });

  it.each([
    ['messages', messagesSurface, messageOf],
    ['responses', responsesSurface, responseOf],
  ] as const)('make the same body of %s in every style and with every cut', (_, adapter, bodyOf) => {
    fc.assert(
      fc.property(said, wireStyle, cuts, (texts, style, network) => {
        const body = bodyOf(texts);
        const bytes = wire(payloads(adapter.expand(body)), style, true);
        const folded = logOf(adapter, groupsOf(bytes, network)).folded();
        expect(asJson(folded)).toEqual({ body, terminated: true, finished: true });
        expect(foldEvents(adapter.createFolder(), reframed(bytes, network))).toEqual(folded);
      }),
    );
  });
});
