import { describe, expect, it } from 'vitest';
import { parseRetryAfter } from '../../src/headers/retry-after.js';

const now = Date.parse('2026-03-01T12:00:00Z');
const parse = (headers: Record<string, string>): number | undefined => parseRetryAfter(headers, { now });

describe('parseRetryAfter', () => {
  it.each([
    [{ 'retry-after': '30' }, 30_000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '0.25' }, 250],
    [{ 'Retry-After': '7' }, 7000],
    [{ 'retry-after-ms': '500' }, 500],
    [{ 'x-ms-retry-after-ms': '1200.5' }, 1200.5],
    [{ 'retry-after': '60', 'retry-after-ms': '1500', 'x-ms-retry-after-ms': '9' }, 1500],
    [{ 'retry-after': '60', 'retry-after-ms': 'soon' }, 60_000],
    [{ 'retry-after': 'Sun, 01 Mar 2026 12:00:20 GMT' }, 20_000],
    [{ 'retry-after': 'Sun, 01 Mar 2026 11:59:00 GMT' }, 0],
    [{ 'retry-after': '2026-03-01T12:00:05Z' }, 5000],
  ])('reads %j as %d ms', (headers, expected) => {
    expect(parse(headers)).toBe(expected);
  });

  it.each([
    {},
    { 'retry-after': '' },
    { 'retry-after': '-5' },
    { 'retry-after': 'later' },
    { 'retry-after': 'model-2' },
  ])('says nothing of %j', (headers) => {
    expect(parse(headers as Record<string, string>)).toBeUndefined();
  });

  it('measures a date by the clock of the server, so that a wrong clock here changes nothing', () => {
    const headers = {
      date: 'Sun, 01 Mar 2026 15:00:00 GMT',
      'retry-after': 'Sun, 01 Mar 2026 15:00:09 GMT',
    };
    expect(parse(headers)).toBe(9000);
  });

  it('takes fetch headers and arrays', () => {
    expect(parseRetryAfter(new Headers({ 'Retry-After': '3' }), { now })).toBe(3000);
    expect(parseRetryAfter({ 'retry-after': ['4', '9'], other: undefined }, { now })).toBe(4000);
  });
});
