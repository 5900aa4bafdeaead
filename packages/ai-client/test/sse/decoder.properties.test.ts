import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvents } from '../../src/sse/events.js';
import { reframed } from '../support/events.js';

interface Plain {
  readonly event: string;
  readonly data: string;
  readonly id?: string;
}

/**
 * The standard's algorithm, line by line (WHATWG HTML, "Interpreting an event stream"), with two differences that are meant: an id
 * belongs to its own event, and what follows the last blank line is an event too.
 */
function byTheStandard(text: string): Plain[] {
  const events: Plain[] = [];
  let data: string[] = [];
  let event = '';
  let id: string | undefined;
  const dispatch = (): void => {
    if (data.length > 0)
      events.push({ event: event || 'message', data: data.join('\n'), ...(id === undefined ? {} : { id }) });
    data = [];
    event = '';
    id = undefined;
  };
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    const colon = line.indexOf(':');
    const [field, value] =
      colon < 0 ? [line, ''] : [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
    if (line === '') dispatch();
    else if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
  }
  dispatch();
  return events;
}

function plain(events: readonly Plain[]): Plain[] {
  return events.map(({ event, data, id }) => ({ event, data, ...(id === undefined ? {} : { id }) }));
}

/** Anything that a stream may hold, and what only looks like it. */
const noise = fc
  .array(
    fc.constantFrom(
      '\n',
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      'data',
      'data:',
      'data: ',
      'event:',
      'event: x',
      'id: 1',
      'id',
      'retry: 5',
      ':',
      ': ping',
      ' ',
      '  ',
      'datax: 1',
      'Data: 1',
      '{"a":1}',
      '[DONE]',
      'ü',
      '漢',
      '😀',
      '\0',
      '\t',
      'data: a\n\n',
    ),
    { maxLength: 60 },
  )
  .map((tokens) => tokens.join(''));
const stream = fc.tuple(fc.constantFrom('', '\uFEFF'), noise).map((parts) => parts.join(''));

describe('the decoder of server-sent events', () => {
  it('reads any text as the standard does', () => {
    fc.assert(
      fc.property(stream, (text) => {
        expect(plain(readEvents(Buffer.from(text)))).toEqual(byTheStandard(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads the same however the bytes are cut: inside a character, a CRLF, a blank line, a byte order mark', () => {
    const cuts = fc.array(fc.nat(), { maxLength: 30 });
    fc.assert(
      fc.property(stream, cuts, (text, at) => {
        expect(plain(reframed(Buffer.from(text), at))).toEqual(byTheStandard(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('reads the same byte by byte', () => {
    fc.assert(
      fc.property(stream, (text) => {
        const bytes = Buffer.from(text);
        expect(plain(reframed(bytes, [...bytes.keys()]))).toEqual(byTheStandard(text));
      }),
      { numRuns: 500 },
    );
  });

  it('takes bytes that are no UTF-8 as replacement characters, and goes on', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (garbage) => {
        const clean = garbage.filter((byte) => byte !== 10 && byte !== 13);
        const bytes = Buffer.concat([Buffer.from('data: '), clean, Buffer.from('\n\ndata: next\n\n')]);
        const events = plain(readEvents(bytes));
        expect(events).toEqual(byTheStandard(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)));
        expect(events.at(-1)?.data).toBe('next');
      }),
      { numRuns: 500 },
    );
  });
});
