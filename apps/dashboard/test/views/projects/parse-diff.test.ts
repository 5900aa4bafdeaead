import { describe, expect, it } from 'vitest';
import { parseDiff } from '../../../src/views/projects/stage/parse-diff.js';

describe('a unified diff', () => {
  it('gives the lines of each hunk with their numbers', () => {
    const hunks = parseDiff(
      [
        '--- a',
        '+++ b',
        '@@ -1,3 +1,3 @@',
        ' # Plan',
        '-@@ -9 +9 @@',
        '+new',
        ' end',
        '@@ -20 +20,2 @@ x',
        ' last',
        '+--- more',
        '\\ No newline at end of file',
        '',
      ].join('\n'),
    );
    expect(
      hunks.map((lines) => lines.map(({ kind, text, before, after }) => [kind, text, before, after])),
    ).toEqual([
      [
        ['same', '# Plan', 1, 1],
        ['removed', '@@ -9 +9 @@', 2, null],
        ['added', 'new', null, 2],
        ['same', 'end', 3, 3],
      ],
      [
        ['same', 'last', 20, 20],
        ['added', '--- more', null, 21],
      ],
    ]);
    expect(parseDiff('')).toEqual([]);
  });
});
