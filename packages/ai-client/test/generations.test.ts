import { describe, expect, it } from 'vitest';
import { Generations } from '../src/generations.js';

describe('generations', () => {
  it('count what takes the place of another once', () => {
    const kept = new Generations<string, number>(10);
    kept.set('stays', 0, 1);
    for (let value = 0; value < 100; value += 1) kept.set('changes', value, 5);
    expect(kept.get('changes')).toBe(99);
    expect(kept.get('stays')).toBe(0);
  });

  it('keep what is used, and at most two generations of the rest', () => {
    const kept = new Generations<string, number>(10);
    kept.set('used', 0, 1);
    for (let key = 0; key < 100; key += 1) {
      kept.set(`key ${key}`, key, 1);
      expect(kept.get('used')).toBe(0);
    }
    const left = Array.from({ length: 100 }, (_, key) => kept.get(`key ${key}`)).filter(
      (value) => value !== undefined,
    );
    expect(left.length).toBeLessThanOrEqual(20);
  });
});
