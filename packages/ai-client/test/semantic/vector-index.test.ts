import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadExactSearch } from '../../src/semantic/exact-search.js';
import { unitVector } from '../../src/semantic/unit-vector.js';
import { VectorIndex } from '../../src/semantic/vector-index.js';

const search = loadExactSearch();

function unit(...values: number[]): Float32Array {
  const vector = unitVector(values);
  if (vector === undefined) throw new TypeError('A vector without a direction.');
  return vector;
}

describe('the index of vectors', () => {
  it('gives the nearest of a bucket, nearest first, and of no other bucket', () => {
    const index = new VectorIndex(10, search);
    index.set('a', 'right', unit(1, 0));
    index.set('a', 'up', unit(0, 1));
    index.set('a', 'slope', unit(1, 1));
    index.set('b', 'other', unit(2, 0));
    const found = index.nearest('a', unit(1, 0.1), 2);
    expect(found.map(({ key }) => key)).toEqual(['right', 'slope']);
    expect(found[0]?.similarity).toBeCloseTo(0.995, 3);
    expect(index.nearest('c', unit(1, 0), 2)).toEqual([]);
  });

  it('keeps vectors of another length apart', () => {
    const index = new VectorIndex(10, search);
    index.set('a', 'two', unit(1, 0));
    expect(index.nearest('a', unit(1, 0, 0), 1)).toEqual([]);
  });

  it('forgets the one that was of no use for longest', () => {
    const index = new VectorIndex(2, search);
    index.set('a', 'first', unit(1, 0));
    index.set('b', 'second', unit(1, 0));
    index.touch('first');
    index.set('c', 'third', unit(1, 0));
    expect(index.size).toBe(2);
    expect(['first', 'second', 'third'].filter((key) => index.has(key))).toEqual(['first', 'third']);
  });

  it('finds what a scan finds, whatever came and went', () => {
    const vector = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 5, maxLength: 5 });
    const step = fc.record({ key: fc.integer({ min: 0, max: 12 }), remove: fc.boolean(), vector });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), vector, (steps, asked) => {
        const index = new VectorIndex(100, search);
        const kept = new Map<string, Float32Array>();
        for (const { key, remove, vector: values } of steps) {
          const made = unitVector(values);
          if (remove) {
            index.delete(`${key}`);
            kept.delete(`${key}`);
          } else if (made !== undefined) {
            index.set('a', `${key}`, made);
            kept.set(`${key}`, made);
          }
        }
        const query = unitVector(asked);
        if (query === undefined) return;
        expect(index.size).toBe(kept.size);
        const found = index.nearest('a', query, 100);
        expect(found.map(({ key }) => key).sort()).toEqual([...kept.keys()].sort());
        for (const { key, similarity } of found) {
          const values = kept.get(key) ?? new Float32Array();
          const cosine = values.reduce((sum, value, at) => sum + value * (query[at] ?? 0), 0);
          expect(similarity).toBeCloseTo(cosine, 4);
        }
      }),
    );
  });

  it('knows vectors that have no direction', () => {
    for (const values of [[], [0, 0], [1, Number.NaN], [Number.POSITIVE_INFINITY, 1]])
      expect(unitVector(values)).toBeUndefined();
    expect(unitVector(undefined)).toBeUndefined();
    expect([...unit(3, 4)]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)]);
  });
});
