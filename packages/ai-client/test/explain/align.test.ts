import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align, type Pair } from '../../src/explain/align.js';

const list = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 8 });

/** Length of the longest common subsequence, by trying everything. */
function common([a, ...here]: readonly string[], there: readonly string[]): number {
  if (a === undefined) return 0;
  const at = there.indexOf(a);
  const without = common(here, there);
  return at < 0 ? without : Math.max(without, 1 + common(here, there.slice(at + 1)));
}

function equalPairs(pairs: readonly Pair[], here: readonly string[], there: readonly string[]): number {
  return pairs.filter(([i, j]) => i !== undefined && j !== undefined && here[i] === there[j]).length;
}

describe('align', () => {
  it('names every item of both lists once, in order, and pairs as many as there can be', () => {
    fc.assert(
      fc.property(list, list, (here, there) => {
        const pairs = align(here, there, () => 0);
        expect(pairs.flatMap(([i]) => (i === undefined ? [] : [i]))).toEqual([...here.keys()]);
        expect(pairs.flatMap(([, j]) => (j === undefined ? [] : [j]))).toEqual([...there.keys()]);
        expect(pairs.some(([i, j]) => i === undefined && j === undefined)).toBe(false);
        expect(equalPairs(pairs, here, there)).toBe(common(here, there));
      }),
    );
  });

  it('pairs those that are most alike between equal ones', () => {
    const alike = (here: readonly string[], there: readonly string[]) => (i: number, j: number) =>
      here[i]?.[0] === there[j]?.[0] ? 0.9 : 0.1;
    const [here, there] = [
      ['x', 'b1', 'y'],
      ['x', 'a2', 'b2', 'c2', 'y'],
    ] as const;
    expect(align(here, there, alike(here, there))).toEqual([
      [0, 0],
      [undefined, 1],
      [1, 2],
      [undefined, 3],
      [2, 4],
    ]);
    expect(align(there, here, alike(there, here))).toEqual([
      [0, 0],
      [1, undefined],
      [2, 1],
      [3, undefined],
      [4, 2],
    ]);
  });

  it('pairs very long lists by their place, and does not look at all pairs for it', () => {
    const here = Array.from({ length: 20_000 }, (_, index) => `a${index}`);
    const there = Array.from({ length: 20_010 }, (_, index) => `b${index}`);
    let asked = 0;
    const pairs = align(['same', ...here], ['same', ...there], () => {
      asked++;
      return 0;
    });
    expect(pairs).toHaveLength(20_011);
    expect(pairs.at(1)).toEqual([1, 1]);
    expect(pairs.at(-1)).toEqual([undefined, 20_010]);
    expect(asked).toBe(0);
  });
});
