import { describe, expect, it } from 'vitest';
import type { Asked } from '../../src/misses/asked.js';
import { AskedIndex } from '../../src/misses/asked-index.js';

function asked(key: string, ...fields: number[]): Asked {
  return { key, text: '', masks: new Uint32Array(0), fields: Uint32Array.from(fields), isStored: false };
}

describe('AskedIndex', () => {
  it('finds those that share the most fields, the latest of equals first, and never the request itself', () => {
    const index = new AskedIndex();
    index.add(asked('a', 1, 2, 3));
    index.add(asked('b', 1, 2, 9));
    index.add(asked('c', 1, 8, 9));
    index.add(asked('d', 7));
    const near = (...fields: number[]): string[] =>
      index.near(Uint32Array.from(fields), 'c', 3).map(({ key }) => key);
    expect(near(1, 2, 3)).toEqual(['a', 'b']);
    expect(near(1)).toEqual(['b', 'a']);
    expect(near(5)).toEqual([]);
  });

  it('holds no more than its bound of a hundred thousand, and finds the latest of them', () => {
    const index = new AskedIndex();
    for (let number = 0; number < 100_000; number++) index.add(asked(`k${number}`, 1, 2, 1000 + number));
    expect(index.size).toBe(4096);
    expect(index.find('k0')).toBeUndefined();
    expect(index.find('k99999')).toBeDefined();
    const [nearest] = index.near(Uint32Array.from([1, 2, 1000 + 98_000]), '', 1);
    expect(nearest?.key).toBe('k98000');
    expect(index.near(Uint32Array.from([1000]), '', 1)).toEqual([]);
  });

  it('is bounded in bytes, too, and knows the later of two with one key', () => {
    const index = new AskedIndex();
    const large = 'x'.repeat(100_000);
    for (let number = 0; number < 500; number++) index.add({ ...asked(`k${number}`, number), text: large });
    expect(index.size).toBeLessThan(85);
    index.add(asked('k499', 7777));
    expect(index.near(Uint32Array.from([499]), '', 1)).toEqual([]);
    expect(index.near(Uint32Array.from([7777]), '', 1)).toHaveLength(1);
  });
});
