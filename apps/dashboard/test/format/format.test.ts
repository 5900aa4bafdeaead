import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatPercent,
  formatShort,
  formatTime,
  formatUsd,
} from '../../src/format/format.js';

describe('formats', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1204, '1,204'],
  ])('counts %d as %s', (count, text) => expect(formatCount(count)).toBe(text));

  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1.00k'],
    [12_400, '12.4k'],
    [999_499, '999k'],
    [999_700, '1.00M'],
    [712_000_000, '712M'],
    [2.5e9, '2.50B'],
    [1e13, '10.0T'],
  ])('shortens %d to %s', (count, text) => expect(formatShort(count)).toBe(text));

  it.each([
    [null, 'unknown'],
    [0, '$0'],
    [0.000_01, '<$0.0001'],
    [0.000_42, '$0.00042'],
    [0.0092, '$0.0092'],
    [0.031, '$0.031'],
    [0.1, '$0.10'],
    [12.4, '$12.40'],
    [1204.4, '$1,204'],
  ])('prices %s at %s', (usd, text) => expect(formatUsd(usd)).toBe(text));

  it.each([
    [null, '–'],
    [0, '0 ms'],
    [0.84, '0.8 ms'],
    [9.97, '10 ms'],
    [840, '840 ms'],
    [999.7, '1.00 s'],
    [1240, '1.24 s'],
    [59_970, '1 min'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h'],
    [11_520_000, '3 h 12 min'],
    [187_200_000, '2 d 4 h'],
  ])('times %s ms as %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [999.6, '1.00 kB'],
    [18_400_000, '18.4 MB'],
    [1.07e9, '1.07 GB'],
    [5e18, '5000 PB'],
  ])('sizes %d bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it.each([
    [null, '–'],
    [0, '0'],
    [1, '100'],
    [0.652, '65.2'],
    [0.9999, '99.9'],
    [0.0001, '0.1'],
  ])('shows the share %s as %s', (share, text) => expect(formatPercent(share)).toBe(text));

  it('names the day of a time that is not of today', () => {
    const now = new Date(2026, 10, 22, 22, 0, 0).getTime();
    expect(formatTime(new Date(2026, 10, 22, 9, 4, 33).getTime(), now)).toBe('09:04:33');
    expect(formatTime(new Date(2026, 10, 21, 9, 4, 33).getTime(), now)).toMatch(/Nov 21.*09:04/);
  });
});
