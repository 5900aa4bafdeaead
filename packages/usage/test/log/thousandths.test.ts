import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { thousandths } from '../../src/log/index.js';

describe('a duration as text', () => {
  it('is the number with three decimals', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e12, noNaN: true }), (ms) => {
        expect(thousandths(ms)).toMatch(/^\d+\.\d{3}$/);
        expect(Math.abs(Number(thousandths(ms)) - ms)).toBeLessThanOrEqual(0.0005 + ms * 2 ** -50);
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 1e300])('is null for %s, as JSON has no such', (ms) => {
    expect(thousandths(ms)).toBe('null');
  });
});
