import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textVariations } from '../../src/explain/text-variation.js';

const same: readonly (readonly [string, string, readonly string[]])[] = [
  ['It is 2026-03-01T10:15:00Z.', 'It is 2026-03-01T10:15:01.250Z.', ['timestamp']],
  ['It is 2026-03-01T10:15:00+01:00.', 'It is 2026-03-02T10:15:00+02:00.', ['timestamp']],
  ['Today is March 1, 2026.', 'Today is February 28th, 2026.', ['timestamp']],
  ['Sun, 01 Mar 2026 10:15:00 GMT', 'Mon, 02 Mar 2026 00:00:00 GMT', ['timestamp']],
  ['now: 10:15', 'now: 9:07 PM', ['timestamp']],
  ['at 1772360100', 'at 1772360101123', ['timestamp']],
  ['3/1/2026, 10:15:00 AM', '12/31/2025, 1:00:00 PM', ['timestamp']],
  ['id 6f9619ff-8b86-d011-b42d-00cf4fc964ff', 'id 7f9619ff-8b86-4011-b42d-00cf4fc964ff', ['uuid']],
  ['see req_8fk2m1x9', 'see req_77aaq0zz', ['id']],
  ['trace 00f067aa0ba902b7', 'trace 53995c3f42cd8ad8', ['id']],
  ['page 3 of 4', 'page 12 of 4', ['number']],
  ['costs 1,200.50', 'costs -7', ['number']],
  ['Say  hello', 'Say hello\n', ['white space']],
  ['Say Hello', 'say hello', ['case']],
  ['Run 7 at 2026-03-01', 'run 8 at 2026-03-02', ['case', 'number', 'timestamp']],
];

describe('textVariations', () => {
  it.each(same)('%j and %j differ only in %j', (here, there, expected) => {
    expect([...textVariations(here, there)].sort()).toEqual(expected);
  });

  it('says nothing of texts that say something else', () => {
    expect(textVariations('What is a tide?', 'What is a tree?')).toEqual([]);
    expect(textVariations('It is 2026-03-01. Be brief.', 'It is 2026-03-02. Be kind.')).toEqual([]);
    expect(textVariations('', 'x')).toEqual([]);
  });

  it('is as quick for texts that are made to be slow', () => {
    for (const hostile of [
      '1'.repeat(200_000),
      '1:'.repeat(100_000),
      '2026-'.repeat(40_000),
      ' '.repeat(200_000),
      'Mar '.repeat(50_000),
    ])
      expect(textVariations(`${hostile}a`, `${hostile}b`)).toEqual([]);
  });

  it('finds any time in any text', () => {
    const time = fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') });
    fc.assert(
      fc.property(
        time,
        time,
        fc.constantFrom('toISOString', 'toUTCString', 'toString', 'toLocaleString'),
        (a, b, how) => {
          const [here, there] = [a, b].map(
            (date) => `The time is ${date[how as 'toISOString']()}, so answer.`,
          ) as [string, string];
          fc.pre(here !== there);
          expect(textVariations(here, there)).toEqual(['timestamp']);
        },
      ),
    );
  });
});
