import { describe, expect, it } from 'vitest';
import { table } from '../../src/output/table.js';

describe('a table', () => {
  it('has columns where they are seen, whatever is in them', () => {
    const rows = [
      ['tide', 'end'],
      ['潮汐時計', 'end'],
      ['e\u0301te\u0301', 'end'],
      ['🌊', 'end'],
    ];
    expect(table(rows).split('\n')).toEqual([
      'tide      end',
      '潮汐時計  end',
      'e\u0301te\u0301       end',
      '🌊        end',
    ]);
  });

  it('has no space at the end of a line', () => {
    expect(table([['a', 'long'], ['b']])).toBe('a  long\nb');
  });
});
