import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonObject, jsonObjects } from '../../src/json.js';
import { readEvents } from '../../src/sse/events.js';
import { ChatFolder } from '../../src/surfaces/chat-fold.js';
import { foldEvents } from '../../src/surfaces/event-folder.js';
import { messagesToChatBody } from '../../src/translate/chat-body.js';
import { chatRequestToMessages } from '../../src/translate/chat-request.js';
import { createMessagesToChatStream } from '../../src/translate/chat-stream.js';
import { eventsOf, message } from './support/messages.js';

const createdAt = 0;

function answerOf(body: JsonObject | undefined): JsonObject {
  return jsonObjects(body?.choices)[0]?.message as JsonObject;
}

/** The turns of the request in which a caller sends an answer back, with the results of its calls. */
function nextTurns(answer: JsonObject): JsonObject[] {
  const calls = (answer.tool_calls ?? []) as JsonObject[];
  const messages = [
    { role: 'user', content: 'Go on.' },
    answer,
    ...calls.map(({ id }) => ({ role: 'tool', tool_call_id: id ?? '', content: 'done' })),
    { role: 'user', content: 'And now?' },
  ];
  const { body, notes } = chatRequestToMessages({ model: 'claude-opus-5', messages });
  expect(notes).toEqual([]);
  // As it goes over the wire, where large integers are numbers again.
  return jsonObjects((JSON.parse(JSON.stringify(body)) as JsonObject).messages);
}

function blocksOf(turn: JsonObject | undefined): JsonObject[] {
  return jsonObjects(turn?.content);
}

/** What a block is to a reader: fields that say nothing are left out, and so is text without a visible character. */
function bare(blocks: readonly JsonObject[]): JsonObject[] {
  return blocks
    .filter(({ type, text }) => type !== 'text' || String(text).trim() !== '')
    .map((block) => {
      const rest = Object.entries(block).filter(
        ([, value]) => value !== null && JSON.stringify(value) !== '{"type":"direct"}',
      );
      return Object.fromEntries(rest);
    });
}

describe('a conversation', () => {
  it('gives the model back exactly what it wrote: thinking, calls, citations, in their order', () => {
    fc.assert(
      fc.property(message, fc.boolean(), (whole, streamed) => {
        const wrote = whole.content as JsonObject[];
        fc.pre(bare(wrote).length > 0);
        // A chat message tells texts apart only where something speaks for it; white space alone is not sent back.
        fc.pre(wrote.every(({ type, text }) => type !== 'text' || String(text).trim() !== ''));
        const stream = createMessagesToChatStream({ createdAt });
        const answer = streamed
          ? answerOf(
              foldEvents(
                new ChatFolder(),
                readEvents(stream.push(Buffer.from(eventsOf(whole))) ?? Buffer.of()),
              ).body,
            )
          : answerOf(messagesToChatBody(whole, { createdAt }));
        const turns = nextTurns(JSON.parse(JSON.stringify(answer)) as JsonObject);
        expect(turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
        expect(bare(blocksOf(turns[1]))).toEqual(bare(wrote));
        const results = blocksOf(turns[2]).filter(({ type }) => type === 'tool_result');
        const called = wrote.filter(({ type }) => type === 'tool_use').map(({ id }) => id);
        expect(results.map(({ tool_use_id }) => tool_use_id)).toEqual(called);
      }),
      { numRuns: 300 },
    );
  });

  it('survives a client that changed the text of an answer, with a note', () => {
    const content = [
      { type: 'text', text: 'One. ' },
      { type: 'thinking', thinking: 'Hm.', signature: 's' },
      { type: 'text', text: 'Two.' },
    ];
    const answer = answerOf(messagesToChatBody({ content, stop_reason: 'end_turn' }, { createdAt }));
    const messages = [
      { role: 'user', content: 'Go' },
      { ...answer, content: 'Three.' },
      { role: 'user', content: 'On' },
    ];
    const { body, notes } = chatRequestToMessages({ model: 'claude-opus-5', messages });
    expect((body.messages as JsonObject[])[1]?.content).toEqual([
      { type: 'thinking', thinking: 'Hm.', signature: 's' },
      { type: 'text', text: 'Three.' },
    ]);
    expect(notes).toMatchObject([{ field: 'messages[].content_details', action: 'omitted' }]);
  });

  it('keeps the mark for the prompt cache that a client has set on the text of an answer', () => {
    const content = [
      { type: 'text', text: 'One. ' },
      { type: 'thinking', thinking: 'Hm.', signature: 's' },
      { type: 'text', text: 'Two.' },
      { type: 'tool_use', id: 'a', name: 'look', input: {} },
    ];
    const answer = answerOf(messagesToChatBody({ content, stop_reason: 'tool_use' }, { createdAt }));
    const mark = { cache_control: { type: 'ephemeral' } };
    const sent = (...parts: JsonObject[]): unknown => {
      const messages = [
        { role: 'user', content: 'Go' },
        { ...answer, content: parts },
        { role: 'tool', tool_call_id: 'a', content: 'x' },
      ];
      const { body, notes } = chatRequestToMessages({ model: 'claude-opus-5', messages });
      return [jsonObjects(body.messages)[1]?.content, notes.map(({ field }) => field)];
    };
    const marked = content.map((block) => (block.text === 'Two.' ? { ...block, ...mark } : block));
    expect(sent({ type: 'text', text: 'One. Two.', ...mark })).toEqual([marked, []]);
    expect(sent({ type: 'text', text: 'One. ', ...mark }, { type: 'text', text: 'Two.', ...mark })).toEqual([
      marked,
      ['messages[].content[].cache_control'],
    ]);
  });

  it('takes thinking as OpenRouter and LiteLLM hand it on, and none without a signature', () => {
    const assistant = (fields: JsonObject): JsonObject => ({ role: 'assistant', content: 'Hi', ...fields });
    const turnOf = (fields: JsonObject): unknown => {
      const messages = [{ role: 'user', content: 'Go' }, assistant(fields), { role: 'user', content: 'On' }];
      const { body, notes } = chatRequestToMessages({ model: 'claude-opus-5', messages });
      return [(body.messages as JsonObject[])[1]?.content, notes.map(({ field }) => field)];
    };
    const signed = [
      { type: 'thinking', thinking: 'Hm.', signature: 's' },
      { type: 'text', text: 'Hi' },
    ];
    expect(turnOf({ thinking_blocks: [signed[0] ?? {}] })).toEqual([signed, []]);
    expect(
      turnOf({ reasoning_details: [{ type: 'reasoning.text', text: 'Hm.', signature: 's', index: 0 }] }),
    ).toEqual([signed, []]);
    const unsigned = [[{ type: 'text', text: 'Hi' }], ['messages[].reasoning_content']];
    const both = { thinking_blocks: [signed[0] ?? {}] };
    const openRouter = { type: 'reasoning.text', text: 'Hm.', signature: 's', index: 0 };
    expect(turnOf({ ...both, reasoning_details: [openRouter] })).toEqual([signed, []]);
    const summary = { type: 'reasoning.summary', summary: 'Hm.' };
    expect(turnOf({ ...both, reasoning_details: [summary] })).toEqual([signed, []]);
    expect(turnOf({ reasoning_content: 'Hm.' })).toEqual(unsigned);
    expect(turnOf({ reasoning_details: [{ type: 'reasoning.summary', summary: 'Hm.' }] })).toEqual(unsigned);
  });
});
