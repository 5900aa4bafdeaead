import { describe, expect, it } from 'vitest';
import { createEventParser, type StreamEvent } from '../../src/api/event-stream.js';

const events: readonly StreamEvent[] = [
  { event: 'started', data: '{"stage":1}' },
  { event: 'message', data: 'two\nlines' },
  { event: 'end', data: '{"ok":true}' },
];

function textOf(end: string): string {
  return [
    ': open',
    '',
    'id: 7',
    'event: started',
    'data: {"stage":1}',
    '',
    'data:two',
    'data: lines',
    '',
    'event: without data',
    '',
    'event: end',
    'data: {"ok":true}',
    '',
    '',
  ].join(end);
}

describe('the parser of events', () => {
  it.each([
    ['LF', '\n'],
    ['CR LF', '\r\n'],
  ])('reads lines that end with %s, cut at any place', (_name, end) => {
    const text = textOf(end);
    for (let size = 1; size <= text.length; size += 1) {
      const parse = createEventParser();
      const seen: StreamEvent[] = [];
      for (let at = 0; at < text.length; at += size) seen.push(...parse(text.slice(at, at + size)));
      expect(seen, `in pieces of ${size}`).toEqual(events);
    }
  });

  it('keeps what is not whole to itself', () => {
    const parse = createEventParser();
    expect(parse('data: half')).toEqual([]);
    expect(parse('\n')).toEqual([]);
    expect(parse('\n')).toEqual([{ event: 'message', data: 'half' }]);
  });
});
