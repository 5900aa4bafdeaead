import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlidingSum } from '../../src/meters/sliding-sum.js';

describe('SlidingSum', () => {
  it('is never less than what was added within the period, and at most one slot more', () => {
    const addition = fc.record({ gapMs: fc.nat(400), amount: fc.integer({ min: 1, max: 9 }) });
    fc.assert(
      fc.property(fc.array(addition, { maxLength: 60 }), (additions) => {
        const sum = new SlidingSum(1000, 10);
        const added: { at: number; amount: number }[] = [];
        let now = 12_345;
        for (const { gapMs, amount } of additions) {
          now += gapMs;
          sum.add(amount, now);
          added.push({ at: now, amount });
          const within = (ms: number): number =>
            added.filter(({ at }) => at > now - ms).reduce((total, entry) => total + entry.amount, 0);
          expect(sum.total(now)).toBeGreaterThanOrEqual(within(1000));
          expect(sum.total(now)).toBeLessThanOrEqual(within(1100.001));
        }
      }),
    );
  });

  it('says when enough will be gone', () => {
    const sum = new SlidingSum(1000, 10);
    sum.add(3, 0);
    sum.add(4, 500);
    expect(sum.msUntilGone(3, 500)).toBe(600);
    expect(sum.msUntilGone(4, 500)).toBe(1100);
    expect(sum.msUntilGone(8, 500)).toBe(Number.POSITIVE_INFINITY);
    expect(sum.total(1100)).toBe(4);
  });

  it('takes back only what is still counted', () => {
    const sum = new SlidingSum(1000, 10);
    sum.add(3, 0);
    sum.add(4, 1000);
    sum.subtract(2, 0, 1000);
    expect(sum.total(1000)).toBe(5);
    sum.subtract(9, 0, 1000);
    expect(sum.total(1000)).toBe(4);
    sum.subtract(3, 0, 1500);
    expect(sum.total(1500)).toBe(4);
  });
});
