import { describe, expect, it } from 'vitest';
import { createRush } from '../../src/steps/rush.js';

describe('a rush', () => {
  it('is more than so many within the time, and over when they come slower', () => {
    let now = 1000;
    const rush = createRush(3, 20, () => now);
    const came = (ms: number): boolean => {
      now += ms;
      return rush();
    };
    expect([came(0), came(1), came(1)]).toEqual([false, false, false]);
    expect([came(1), came(1)]).toEqual([true, true]);
    expect([came(15), came(1), came(10)]).toEqual([true, true, false]);
    expect([came(9), came(9), came(9)]).toEqual([false, false, false]);
  });
});
