import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/json.js';
import { readEvents } from '../../src/sse/events.js';
import { ChatFolder } from '../../src/surfaces/chat-fold.js';
import { foldEvents } from '../../src/surfaces/event-folder.js';
import { MessageFolder } from '../../src/surfaces/messages-fold.js';
import { messagesToChatBody } from '../../src/translate/chat-body.js';
import { createMessagesToChatStream } from '../../src/translate/chat-stream.js';
import { event, eventsOf, message } from './support/messages.js';

const createdAt = 1_700_000_000_123;

/** What a stream becomes when it arrives in chunks that end at the given places. */
function translate(source: string, places: readonly number[] = []): string {
  const bytes = Buffer.from(source);
  const stream = createMessagesToChatStream({ createdAt });
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const parts = [...ends, bytes.length].map((end, index) =>
    bytes.subarray(index === 0 ? 0 : ends[index - 1], end),
  );
  const written = [...parts.map((part) => stream.push(part)), stream.end()];
  return Buffer.concat(written.filter((part) => part !== undefined)).toString();
}

function dataOf(stream: string): string[] {
  return readEvents(Buffer.from(stream)).map(({ data }) => data);
}

function chunksOf(stream: string): JsonObject[] {
  return dataOf(stream)
    .filter((data) => data !== '[DONE]')
    .map((data) => JSON.parse(data) as JsonObject);
}

function deltasOf(stream: string): unknown[] {
  return chunksOf(stream).flatMap(({ choices }) => (choices as JsonObject[]).map(({ delta }) => delta));
}

const start = event({
  type: 'message_start',
  message: { id: 'msg_1', model: 'claude-opus-5', usage: { input_tokens: 5, output_tokens: 1 } },
});
const textStart = event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } });
const hello = event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } });

describe('createMessagesToChatStream', () => {
  it('makes chunks that fold to what the whole message translates to, however texts and bytes are cut', () => {
    fc.assert(
      fc.property(
        message,
        fc.array(fc.nat(), { maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        (whole, cuts, places) => {
          const stream = translate(eventsOf(whole, cuts), places);
          const folded = foldEvents(new ChatFolder(), readEvents(Buffer.from(stream)));
          expect(folded.body).toEqual(messagesToChatBody(whole, { createdAt }));
          expect(folded).toMatchObject({ terminated: true, finished: true });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('agrees with what the surface of messages makes of the same stream', () => {
    fc.assert(
      fc.property(message, fc.array(fc.nat(), { maxLength: 5 }), (whole, cuts) => {
        const source = eventsOf(whole, cuts);
        const { body } = foldEvents(new MessageFolder(), readEvents(Buffer.from(source)));
        const folded = foldEvents(new ChatFolder(), readEvents(Buffer.from(translate(source))));
        expect(folded.body).toEqual(messagesToChatBody(body ?? {}, { createdAt }));
      }),
    );
  });

  it('gives the same bytes however the stream is cut', () => {
    fc.assert(
      fc.property(message, fc.array(fc.nat(), { maxLength: 30 }), (whole, places) => {
        const source = eventsOf(whole);
        expect(translate(source, places)).toBe(translate(source));
      }),
    );
  });

  it('passes each event on as soon as it is whole, and begins with the role', () => {
    const stream = createMessagesToChatStream({ createdAt });
    const first = stream.push(Buffer.from(start));
    expect(chunksOf(String(first))).toEqual([
      {
        id: 'msg_1',
        object: 'chat.completion.chunk',
        created: 1_700_000_000,
        model: 'claude-opus-5',
        choices: [{ index: 0, delta: { role: 'assistant', refusal: null }, finish_reason: null }],
      },
    ]);
    expect(stream.push(Buffer.from(textStart))).toBeUndefined();
    expect(stream.push(Buffer.from(hello.slice(0, -1)))).toBeUndefined();
    expect(stream.pendingBytes).toBe(hello.length - 1);
    expect(deltasOf(String(stream.push(Buffer.from('\n'))))).toEqual([{ content: 'Hello' }]);
  });

  it('streams tool calls by their own index, and never empty arguments', () => {
    const call = (index: number, id: string): string =>
      event({
        type: 'content_block_start',
        index,
        content_block: { type: 'tool_use', id, name: 'look', input: {} },
      });
    const piece = (index: number, partial_json: string): string =>
      event({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json } });
    const stop = (index: number): string => event({ type: 'content_block_stop', index });
    const stream = translate(
      [
        start,
        textStart,
        hello,
        stop(0),
        call(1, 'a'),
        piece(1, ''),
        piece(1, '{"q":'),
        piece(1, '12345678901234567890}'),
      ]
        .concat(stop(1), call(2, 'b'), piece(2, ''), stop(2))
        .join(''),
    );
    expect(deltasOf(stream).slice(2)).toEqual([
      { tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'look', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"q":' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '12345678901234567890}' } }] },
      { tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'look', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
    ]);
  });

  it('tells the usage in a chunk of its own before [DONE], with the counts that came last', () => {
    const source =
      start +
      event({
        type: 'message_delta',
        delta: { stop_reason: 'end_turn' },
        usage: { output_tokens: 7, input_tokens: null },
      }) +
      event({ type: 'message_stop' });
    const data = dataOf(translate(source));
    expect(data.at(-1)).toBe('[DONE]');
    expect(JSON.parse(data.at(-2) ?? '')).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 },
    });
    expect(JSON.parse(data.at(-3) ?? '')).toMatchObject({ choices: [{ delta: {}, finish_reason: 'stop' }] });
  });

  it('names the model that goes on, where the provider falls back to another', () => {
    const block = { type: 'fallback', from: { model: 'claude-opus-5' }, to: { model: 'claude-sonnet-5' } };
    const fallback = event({ type: 'content_block_start', index: 1, content_block: block });
    const late = event({ type: 'content_block_start', index: 2, content_block: { type: 'text', text: '!' } });
    const models = chunksOf(translate(start + textStart + hello + fallback + late)).map(({ model }) => model);
    expect(models).toEqual(['claude-opus-5', 'claude-opus-5', 'claude-sonnet-5']);
  });

  it('ends with an error frame, and without [DONE], where the provider reports an error', () => {
    const overloaded = event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } });
    const data = dataOf(
      translate(start + textStart + hello + overloaded + hello + event({ type: 'message_stop' })),
    );
    expect(JSON.parse(data.at(-1) ?? '')).toEqual({
      error: { message: 'Overloaded', type: 'server_error', param: null, code: 'overloaded_error' },
    });
    expect(data).toHaveLength(3);
  });

  it('gives a stream that was cut off no [DONE] and no finish reason', () => {
    fc.assert(
      fc.property(message, fc.nat(), (whole, place) => {
        const source = Buffer.from(eventsOf(whole));
        // Behind the data of message_stop the answer is whole, its blank line or not.
        const cut = source.subarray(0, place % source.lastIndexOf('event: message_stop'));
        const stream = translate(cut.toString('latin1'));
        expect(stream).not.toContain('[DONE]');
      }),
    );
    const folded = foldEvents(
      new ChatFolder(),
      readEvents(Buffer.from(translate(start + textStart + hello))),
    );
    expect(folded).toMatchObject({ terminated: false, finished: false });
  });

  it('passes over pings and what it does not know, and reports what is no stream of messages', () => {
    const unknown = event({ type: 'content_block_delta', index: 0, delta: { type: 'new_delta', x: 1 } });
    const later = event({ type: 'new_event' });
    expect(translate(start + event({ type: 'ping' }) + textStart + unknown + later)).toBe(translate(start));
    for (const source of ['data: {"broken\n\n', hello, 'data: <html>\n\n']) {
      const data = dataOf(translate(source));
      expect(data).toHaveLength(1);
      expect(JSON.parse(data[0] ?? '')).toMatchObject({ error: { type: 'server_error' } });
    }
  });
});
