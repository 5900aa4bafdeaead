import { describe, expect, it } from 'vitest';
import { minuteOf, secondOf } from '../../src/output/moment.js';

describe('a moment', () => {
  it('is a local date and time', () => {
    const moment = new Date(2026, 11, 1, 4, 21, 7).getTime();
    expect(minuteOf(moment)).toBe('2026-12-01 04:21');
    expect(secondOf(moment)).toBe('04:21:07');
  });

  it('keeps all digits of a distant year', () => {
    const moment = new Date(12_026, 11, 1, 4, 21, 7).getTime();
    expect(minuteOf(moment)).toBe('+012026-12-01 04:21');
    expect(secondOf(moment)).toBe('04:21:07');
  });

  it.each([8.64e15 + 1, 1e18, Number.POSITIVE_INFINITY])('never comes beyond the last date: %d', (moment) => {
    expect(minuteOf(moment)).toBe('never');
    expect(secondOf(moment)).toBe('never');
  });
});
