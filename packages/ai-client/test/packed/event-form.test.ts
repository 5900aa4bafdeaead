import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventForm, viewOf } from '../../src/packed/event-form.js';

const text = fc.string({ unit: fc.constantFrom(...'ab "\\\n{}:,é😀', 'content', '\u007f', '\ud800') });

/** A chunk as OpenAI sends it, with padding and a count, in one line or named. */
function event(content: string, count = 7, rest: Record<string, unknown> = {}, name?: string): string {
  const data = JSON.stringify({
    id: 'c1',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
    sequence_number: count,
    obfuscation: 'x'.repeat(count % 5),
    ...rest,
  });
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${data}\n\n`;
}

function formOf(first: string, second: string, member?: string): EventForm | undefined {
  const bytes = Buffer.from(first + second);
  const middle = Buffer.byteLength(first);
  return EventForm.of({ bytes, start: 0, end: middle }, { bytes, start: middle, end: bytes.length }, member);
}

/** What stands in the holes of an event, or `undefined` when it has another form. Something stands before it and behind it. */
function read(form: EventForm | undefined, shown: string): string[] | undefined {
  const before = Buffer.from('data: {}\n\n');
  const bytes = Buffer.concat([before, Buffer.from(shown), Buffer.from('data: [DONE]\n\n')]);
  const end = form?.match(bytes, viewOf(bytes), before.length);
  if (form === undefined || end === undefined || end < 0) return undefined;
  expect(bytes.toString('utf8', before.length, end)).toBe(shown);
  return form.holes.map((_hole, index) =>
    bytes.toString('utf8', form.found[2 * index], form.found[2 * index + 1]),
  );
}

describe('EventForm', () => {
  it('reads the strings and numbers in which an event differs, whatever is in them', () => {
    fc.assert(
      fc.property(text, text, text, fc.nat(), fc.nat(), fc.nat(), (first, second, third, a, b, c) => {
        fc.pre(a !== b && a % 5 !== b % 5);
        const shown = read(formOf(event(first, a), event(second, b), 'content'), event(third, c));
        expect(shown?.map((written, index) => JSON.parse(index === 1 ? written : `"${written}"`))).toEqual([
          third,
          c,
          'x'.repeat(c % 5),
        ]);
      }),
    );
  });

  it('says of its holes what they are the value of', () => {
    const form = formOf(event('one', 1, {}, 'delta'), event('two', 2, {}, 'delta'));
    expect(form?.holes.map(({ member, depth, isText }) => [member, depth, isText])).toEqual([
      ['content', 3, true],
      ['sequence_number', 1, false],
      ['obfuscation', 1, true],
    ]);
  });

  it('has a hole for a text also where the first two say the same', () => {
    expect(read(formOf(event('one'), event('one'), 'content'), event('two'))).toEqual(['two']);
    expect(read(formOf(event('one'), event('one')), event('two'))).toBeUndefined();
    expect(read(formOf(event('one'), event('one')), event('one'))).toEqual([]);
  });

  it('reads nothing that is another event, or no JSON', () => {
    const form = formOf(event('one', 1), event('two', 2));
    expect(read(form, event('x'))).toEqual(['x', '7', 'xx']);
    for (const other of [
      event('x', 7, { id: 'c2' }),
      event('x', 7, { usage: {} }),
      event('x', 7, {}, 'delta'),
      'data: [DONE]\n\n',
      '',
      event('x').replace('"x"', '"x'),
      event('x').replace('"x"', '"x" "y"'),
      event('x').replace('"x"', '"x","error":"y"'),
      event('x').replace('"x"', '"\\"'),
      event('x').replace('"x"', '"a\nb"'),
      event('x').replace('"x"', 'null'),
      event('x').replace('7', '07'),
      event('x').replace('7', '-7'),
      event('x').replace('7', '7.5'),
      event('x').replace('7', '7e1'),
      event('x').replace('7', '"7"'),
      event('x').replace('7', ''),
      event('x').slice(0, -1),
    ]) {
      expect(read(form, other), other).toBeUndefined();
    }
  });

  it('is none where names differ, or kinds of values, or anything but a whole number', () => {
    const plain = event('one', 1);
    for (const other of [
      event('two', 1).replace('content', 'refusal'),
      plain.replace('null', '"stop"'),
      plain.replace('"c1"', '1'),
      event('two', 1, { extra: 1 }),
      event('two', 1).replace('"sequence_number":1', '"sequence_number":1.5'),
      event('two', 1).replace('"sequence_number":1', '"sequence_number":-2'),
      event('two', 1).replace('"sequence_number":1', '"sequence_number":02'),
      event('two', 1, {}, 'delta'),
    ]) {
      expect(formOf(plain, other), other).toBeUndefined();
      expect(formOf(other, plain), other).toBeUndefined();
    }
    for (const [first, second] of [
      ['data: 1\n\n', 'data: 2\n\n'],
      [': ping\n\n', ': ping\n\n'],
      ['data: "a"\n\n', 'data: "b"\n\n'],
      ['data: {"a":"b', 'data: {"a":"c'],
      ['event: a\ndata: {"a":1}\n\n', 'event: b\ndata: {"a":1}\n\n'],
      ['', ''],
    ] as const)
      expect(formOf(first, second), first).toBeUndefined();
  });

  it('knows spaces behind the colon, as Python writes them', () => {
    const spaced = (content: string, count: number): string =>
      `data: {"delta": {"content": "${content}"}, "count": ${count}}\n\n`;
    expect(read(formOf(spaced('one', 1), spaced('two', 2)), spaced('three', 33))).toEqual(['three', '33']);
    const wide = (name: string): string => `data: {"obfuscation": "x", "${name}" : 1}\n\n`;
    expect(formOf(wide('one'), wide('two'))).toBeUndefined();
  });
});
