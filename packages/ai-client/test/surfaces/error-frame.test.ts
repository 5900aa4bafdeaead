import { describe, expect, it } from 'vitest';
import { readEvents, writeData, writeEvent } from '../../src/sse/events.js';
import { surfaceAdapter } from '../../src/surfaces/registry.js';
import { responsesSurface } from '../../src/surfaces/responses.js';
import { payloads } from '../support/events.js';

const failure = { code: 'AI_STREAM_INCOMPLETE', message: 'Cut.', hint: 'Again.', status: 502 };

function numbered(...numbers: number[]): Buffer {
  const event = (sequence_number: number): string =>
    writeEvent('response.output_text.delta', JSON.stringify({ type: 'x', sequence_number, delta: 'a' }));
  return Buffer.from(numbers.map(event).join(''));
}

describe('the error frame of responses', () => {
  it.each([
    ['of nothing', undefined, 0],
    ['of one event', numbered(0), 1],
    ['of several', numbered(6, 7, 8), 9],
    [
      'of one with ids and a comment behind it',
      Buffer.concat([Buffer.from('id: a-7\n'), numbered(41), Buffer.from(': ping\n\n')]),
      42,
    ],
    ['of events without numbers', Buffer.from(writeData('{"type":"x"}')), 0],
  ])('goes on with the numbers %s', (_, sent, number) => {
    const [frame] = payloads(responsesSurface.errorFrame(failure, 'r1', sent));
    expect(frame).toMatchObject({ type: 'error', sequence_number: number });
  });
});

describe('an error frame', () => {
  it.each(['chat', 'responses', 'messages', 'embeddings'] as const)(
    'of %s is an event of its own, also behind one whose end is missing',
    (surface) => {
      const adapter = surfaceAdapter(surface);
      for (const end of ['\n\n', '\r\n\r\n', '\r\r', '\n', '\r\n', '\r', '']) {
        const sent = Buffer.from(`data: {"a":"ü"}${end}`);
        const all = Buffer.concat([sent, adapter.errorFrame(failure, 'r1', sent)]);
        const [first, last, ...more] = readEvents(all);
        expect(first?.data, JSON.stringify(end)).toBe('{"a":"ü"}');
        expect(last?.data, JSON.stringify(end)).toContain('AI_STREAM_INCOMPLETE');
        expect(more).toEqual([]);
      }
    },
  );
});
