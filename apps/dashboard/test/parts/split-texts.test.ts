import { describe, expect, it } from 'vitest';
import { splitTexts } from '../../src/parts/split-texts.js';

describe('the difference between two texts', () => {
  it('is marked in whole words', () => {
    expect(splitTexts('"at 10:15 sharp"', '"at 10:16 sharp"')).toEqual({
      before: '"at 10:',
      here: '15',
      there: '16',
      after: ' sharp"',
    });
  });

  it('may be in one of them only, or in all of both', () => {
    expect(splitTexts('a c', 'a b c')).toEqual({ before: 'a ', here: '', there: 'b ', after: 'c' });
    expect(splitTexts('one', 'two')).toEqual({ before: '', here: 'one', there: 'two', after: '' });
    expect(splitTexts('', 'x')).toEqual({ before: '', here: '', there: 'x', after: '' });
    expect(splitTexts('same', 'same')).toMatchObject({ here: '', there: '' });
  });

  it('puts both texts together again', () => {
    for (const [here, there] of [
      ['aaa', 'aa'],
      ['ab ab', 'ab'],
      ['über 1', 'über 12'],
      ['x', ''],
    ] as const) {
      const split = splitTexts(here, there);
      expect(split.before + split.here + split.after).toBe(here);
      expect(split.before + split.there + split.after).toBe(there);
    }
  });
});
