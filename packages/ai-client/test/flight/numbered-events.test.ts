import { describe, expect, it } from 'vitest';
import { NumberedEvents } from '../../src/flight/numbered-events.js';

function numbered(events: string, after = -1): string {
  return Buffer.from(new NumberedEvents('a', after).write(Buffer.from(events))).toString();
}

describe('numbered events', () => {
  it('have an id by their place, behind the last one that the caller has', () => {
    expect(numbered('data: x\n\ndata: y\n\n')).toBe('id: a.0\ndata: x\n\nid: a.1\ndata: y\n\n');
    expect(numbered('data: x\n\ndata: y\n\n', 0)).toBe('id: a.1\ndata: y\n\n');
  });

  it.each([
    ['id: theirs\ndata: x\n\n', 'id: a.0\ndata: x\n\n'],
    ['event: e\nid:theirs\ndata: \u00fc \u{1F30A}\n\n', 'id: a.0\nevent: e\ndata: \u00fc \u{1F30A}\n\n'],
    ['data: x\r\nid: theirs\r\n\r\n', 'id: a.0\ndata: x\r\n\r\n'],
    ['data: x\rid: theirs\r\r', 'id: a.0\ndata: x\r\r'],
    ['id\ndata: x\n\n', 'id: a.0\ndata: x\n\n'],
    ['data: x\nid\n\nid\ndata: y\n\n', 'id: a.0\ndata: x\n\nid: a.1\ndata: y\n\n'],
    ['\uFEFFid: theirs\ndata: x\n\n', 'id: a.0\ndata: x\n\n'],
    ['data: x\n\nid: theirs\ndata: y\n\n', 'id: a.0\ndata: x\n\nid: a.1\ndata: y\n\n'],
  ])('have no other id, as a client would take the last: %j', (events, expected) => {
    expect(numbered(events)).toBe(expected);
  });

  it.each(['data: id: 7\n\n', ': id: 7\n\n', 'data: a\ndata: id: 7\n\n', 'identity: id: 7\n\n'])(
    'keep what only looks like one: %j',
    (events) => {
      expect(numbered(events)).toBe(`id: a.0\n${events}`);
    },
  );
});
