import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type CallRecord, createPipeline, openaiProvider, type Pipeline } from '../../src/index.js';
import { createOddProvider } from '../support/odd-provider.js';
import { chat, run, start } from '../support/run-exchange.js';

const piece = 'Spring tide. '.repeat(20);

/** The events of a chat completion with so many pieces of text. */
function chatEvents(pieces: number): string[] {
  const chunk = (delta: object, finish_reason: string | null): string =>
    `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
  return [
    chunk({ role: 'assistant', content: '' }, null),
    ...Array.from({ length: pieces }, () => chunk({ content: piece }, null)),
    chunk({}, 'stop'),
    'data: [DONE]\n\n',
  ];
}

/** The events of a message with so many pieces of text. */
function messageEvents(pieces: number): string[] {
  const event = (type: string, members: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...members })}\n\n`;
  const message = { id: 'm', type: 'message', role: 'assistant', model: 'claude-x', content: [] };
  const usage = { input_tokens: 7, output_tokens: 1 };
  const delta = { type: 'text_delta', text: piece };
  return [
    event('message_start', { message: { ...message, stop_reason: null, usage } }),
    event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
    ...Array.from({ length: pieces }, () => event('content_block_delta', { index: 0, delta })),
    event('content_block_stop', { index: 0 }),
    event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 900 } }),
    event('message_stop', {}),
  ];
}

/** Sends each event on its own. */
async function sendEvents(response: ServerResponse, events: readonly string[]): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of events) {
    response.write(event);
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}

/** Runs `use` before a provider that answers with these events, where 50 kB of an answer are kept. */
async function before(
  events: readonly string[],
  use: (pipeline: Pipeline, records: readonly CallRecord[]) => Promise<void>,
): Promise<void> {
  await using provider = await createOddProvider((response) => void sendEvents(response, events));
  const records: CallRecord[] = [];
  await using pipeline = createPipeline({
    providers: [openaiProvider(provider.baseUrl)],
    maxRetries: 0,
    maxEntryBytes: 50_000,
    onCall: (record) => records.push(record),
  });
  await use(pipeline, records);
}

const question = {
  model: 'claude-x',
  max_tokens: 9,
  stream: true,
  messages: [{ role: 'user', content: 'Tides' }],
};
const body = Buffer.from(JSON.stringify(question));

describe('a stream too long to be kept', () => {
  it.each([
    ['its message', messageEvents(500), { inputTokens: 7, outputTokens: 900 }],
    ['a ping', ['event: ping\ndata: {"type":"ping"}\n\n', ...messageEvents(500)], undefined],
  ])(
    'ends well when it is a whole message and begins with %s, and is not stored',
    async (_, events, usage) => {
      await before(events, async (pipeline, records) => {
        const { text, error } = await run(pipeline, { surface: 'messages', body });
        expect(error).toBeUndefined();
        expect(text === events.join('')).toBe(true);
        expect(records).toMatchObject([{ status: 'ok', cache: 'miss' }]);
        expect(records[0]?.usage).toEqual(usage);
        const again = await run(pipeline, { surface: 'messages', body, cache: { onlyIfCached: true } });
        expect(again.error).toMatchObject({ code: 'AI_NOT_CACHED' });
      });
    },
  );

  it('fails when its message breaks off', async () => {
    await before(messageEvents(500).slice(0, -2), async (pipeline) => {
      const { error } = await run(pipeline, { surface: 'messages', body });
      expect(error).toMatchObject({ code: 'AI_STREAM_INCOMPLETE' });
    });
  });

  it('is given whole as a body, also beside a stream', async () => {
    const events = chatEvents(500);
    await before(events, async (pipeline) => {
      const lone = await run(pipeline, chat('Lone tide'));
      const first = start(pipeline, chat('Tides', { stream: true }));
      const joined = start(pipeline, chat('Tides'));
      expect((await first.outcome).text === events.join('')).toBe(true);
      for (const { head, text, error } of [lone, await joined.outcome]) {
        expect(error).toBeUndefined();
        expect(head).toMatchObject({ status: 200, streamed: false });
        expect(JSON.parse(text).choices[0].message.content === piece.repeat(500)).toBe(true);
      }
      expect((await joined.outcome).head?.cache).toBe('coalesced');
    });
  });

  it('is refused as a body when it is longer still', async () => {
    const events = chatEvents(5_000);
    await before(events, async (pipeline) => {
      const first = start(pipeline, chat('Tides', { stream: true }));
      const joined = await run(pipeline, chat('Tides'));
      expect(joined).toMatchObject({ head: undefined, error: { code: 'AI_RESPONSE_TOO_LARGE' } });
      expect((await first.outcome).text === events.join('')).toBe(true);
    });
  });
});
