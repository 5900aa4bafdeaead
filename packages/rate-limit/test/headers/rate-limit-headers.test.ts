import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../src/headers/duration.js';
import { parseRateLimitHeaders, tellsOfLimits } from '../../src/headers/rate-limit-headers.js';

const now = Date.parse('2026-03-01T12:00:00Z');

describe('parseDuration', () => {
  it.each([
    ['1s', 1000],
    ['6m0s', 360_000],
    ['20ms', 20],
    ['500ms', 500],
    ['8.64s', 8640],
    ['2m59.56s', 179_560],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['17', 17_000],
  ])('reads %s as %d ms', (text, expected) => {
    expect(parseDuration(text)).toBeCloseTo(expected, 6);
  });

  it.each(['', 's', '1x', '1 s', '1s!', '-1s', 'NaN'])('does not read %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it('reads back whatever is written part by part', () => {
    const part = fc.nat(59);
    fc.assert(
      fc.property(part, part, part, fc.nat(999), (h, m, s, ms) => {
        expect(parseDuration(`${h}h${m}m${s}s${ms}ms`)).toBe(((h * 60 + m) * 60 + s) * 1000 + ms);
      }),
    );
  });
});

describe('parseRateLimitHeaders', () => {
  it('reads the headers of OpenAI', () => {
    const headers = {
      'x-ratelimit-limit-requests': '1800',
      'x-ratelimit-remaining-requests': '1799',
      'x-ratelimit-reset-requests': '33ms',
      'x-ratelimit-limit-tokens': '150000',
      'x-ratelimit-remaining-tokens': '149984',
      'x-ratelimit-reset-tokens': '6m0s',
    };
    expect(parseRateLimitHeaders(headers, { now })).toEqual({
      requests: { limit: 1800, remaining: 1799, resetMs: 33 },
      tokens: { limit: 150_000, remaining: 149_984, resetMs: 360_000 },
    });
  });

  it.each([
    [{ 'X-RateLimit-Limit-Requests': '60' }, true],
    [new Headers({ 'anthropic-ratelimit-requests-limit': '60' }), true],
    [{ 'anthropic-ratelimit-tokens-remaining': '0' }, true],
    [{ 'content-type': 'text/plain', 'x-request-id': 'ratelimit' }, false],
  ])('sees at a glance whether %o tells of limits', (headers, telling) => {
    expect(tellsOfLimits(headers)).toBe(telling);
  });

  it('reads the headers of Anthropic, by the clock of the server', () => {
    const headers = new Headers({
      date: 'Sun, 01 Mar 2026 12:10:00 GMT',
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '49',
      'anthropic-ratelimit-requests-reset': '2026-03-01T12:10:02Z',
      'anthropic-ratelimit-input-tokens-limit': '40000',
      'anthropic-ratelimit-input-tokens-remaining': '39000',
      'anthropic-ratelimit-input-tokens-reset': '2026-03-01T12:10:01.5Z',
      'anthropic-ratelimit-output-tokens-limit': '8000',
    });
    expect(parseRateLimitHeaders(headers, { now })).toEqual({
      requests: { limit: 50, remaining: 49, resetMs: 2000 },
      inputTokens: { limit: 40_000, remaining: 39_000, resetMs: 1500 },
      outputTokens: { limit: 8000 },
    });
  });

  it('leaves out what it cannot read, and takes a debt for nothing left', () => {
    const headers = {
      'x-ratelimit-limit-requests': 'many',
      'x-ratelimit-remaining-requests': '-3',
      'x-ratelimit-reset-requests': 'soon',
    };
    expect(parseRateLimitHeaders(headers, { now })).toEqual({ requests: { remaining: 0 } });
    expect(parseRateLimitHeaders({ 'content-type': 'text/plain' }, { now })).toEqual({});
  });

  it('understands a reset given as a moment', () => {
    const moment = now / 1000 + 12;
    const seconds = parseRateLimitHeaders({ 'x-ratelimit-reset-requests': String(moment) }, { now });
    const ms = parseRateLimitHeaders({ 'x-ratelimit-reset-requests': String(moment * 1000) }, { now });
    expect([seconds.requests?.resetMs, ms.requests?.resetMs]).toEqual([12_000, 12_000]);
  });

  it('never fails, whatever comes', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('limit', 'remaining', 'reset'), (value, field) => {
        const { requests } = parseRateLimitHeaders({ [`x-ratelimit-${field}-requests`]: value }, { now });
        for (const number of Object.values(requests ?? {})) expect(number).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
