import { describe, expect, it } from 'vitest';
import { sortRows } from '../../src/parts/sort-rows.js';

describe('sortRows', () => {
  const rows = [{ size: 9 }, { size: null }, { size: 10 }, { size: 2 }];

  it('has what is not there last, in both directions', () => {
    const sizes = (isDescending: boolean) =>
      sortRows(rows, ({ size }) => size, isDescending).map(({ size }) => size);
    expect(sizes(false)).toEqual([2, 9, 10, null]);
    expect(sizes(true)).toEqual([10, 9, 2, null]);
  });

  it('knows numbers within texts, and keeps the order of equals', () => {
    const names = ['gpt-10', 'gpt-9', 'GPT-9'];
    expect(sortRows(names, (name) => name, false)).toEqual(['gpt-9', 'GPT-9', 'gpt-10']);
    expect(sortRows(['b1', 'a1'], () => 1, true)).toEqual(['b1', 'a1']);
  });
});
