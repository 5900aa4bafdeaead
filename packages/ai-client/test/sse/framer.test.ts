import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BoundaryScanner } from '../../src/sse/boundaries.js';
import { readEvents } from '../../src/sse/events.js';
import { SseFramer } from '../../src/sse/framer.js';

/** Cuts bytes at the given places, in any order. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...ends, bytes.length].map((end, index) => bytes.subarray(index === 0 ? 0 : ends[index - 1], end));
}

const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
const data = fc.string({ unit: fc.constantFrom('a', 'ü', '→', '😀', '{', '"', ' ', ':') });

/** A stream of events with comments, names, ids, and one kind of line end each. */
const stream = fc.array(
  fc.record({
    data,
    end: lineEnd,
    comment: fc.boolean(),
    event: fc.option(fc.constantFrom('ping', 'delta')),
  }),
);

describe('SseFramer', () => {
  it('gives the same events however the bytes are cut, whole ones only, and loses no byte', () => {
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 40 }), (events, places) => {
        const text = events
          .map(({ data: value, end, comment, event }) =>
            [
              ...(comment ? [': keep-alive'] : []),
              ...(event === null ? [] : [`event: ${event}`]),
              `data: ${value}`,
              '',
              '',
            ].join(end),
          )
          .join('');
        const bytes = Buffer.from(text);
        const framer = new SseFramer();
        const groups = cut(bytes, places).flatMap((chunk) => framer.push(chunk) ?? []);
        const rest = framer.rest();
        expect(Buffer.concat(rest === undefined ? groups : [...groups, rest]).equals(bytes)).toBe(true);
        const parts = groups.flatMap((group) =>
          readEvents(group).map(({ event, data: value }) => ({ event, value })),
        );
        const whole = readEvents(bytes).map(({ event, data: value }) => ({ event, value }));
        expect(parts).toEqual(whole);
        // A lone CR in the middle of a CR stream may leave nothing behind.
        expect(whole.map(({ value }) => value)).toEqual(events.map(({ data: value }) => value));
      }),
      { numRuns: 500 },
    );
  });

  it('ends groups where a look at each byte does, whatever the lines are like', () => {
    const piece = fc.string({ unit: fc.constantFrom('a', '\n', '\n', ':'), maxLength: 8 });
    const late = fc.string({ unit: fc.constantFrom('a', '\n', '\r'), maxLength: 8 });
    const pieces = fc.tuple(fc.array(piece), fc.array(late, { maxLength: 4 })).map((parts) => parts.flat());
    fc.assert(
      fc.property(pieces, (texts) => {
        const framer = new SseFramer();
        const scanner = new BoundaryScanner();
        let held = 0;
        for (const text of texts) {
          const chunk = Buffer.from(text);
          const end = scanner.scan(chunk).at(-1);
          expect(framer.push(chunk)?.length).toBe(end === undefined ? undefined : held + end);
          held = end === undefined ? held + chunk.length : chunk.length - end;
          expect(framer.pendingBytes).toBe(held);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('gives an event as soon as its blank line is there', () => {
    const framer = new SseFramer();
    expect(framer.push(Buffer.from('data: 1\r\n\r'))).toBeDefined();
    expect(framer.push(Buffer.from('\ndata: 2\r\n'))).toBeUndefined();
    expect(framer.push(Buffer.from('\r'))).toBeDefined();
    expect(framer.pendingBytes).toBe(0);
  });
});

describe('readEvents', () => {
  it('reads a byte order mark, comments, fields without values and an event without its blank line', () => {
    const bytes = Buffer.from(
      '\uFEFF: hello\n\nid: 7\nevent: delta\ndata:a\ndata: b\n\nretry: 5\n\ndata: last',
    );
    expect(readEvents(bytes)).toMatchObject([
      { event: 'delta', id: '7', data: 'a\nb' },
      { event: 'message', data: 'last' },
    ]);
  });

  it('tells the bytes of each event', () => {
    const bytes = Buffer.from('data: ä\n\ndata: b\n\n');
    const texts = readEvents(bytes).map(({ start, end }) => bytes.subarray(start, end).toString());
    expect(texts).toEqual(['data: ä\n\n', 'data: b\n\n']);
  });
});
