import { parseDuration } from './duration.js';
import { type HeaderLookup, type HeaderSource, headerLookup } from './header-source.js';
import type { HeaderClock } from './retry-after.js';
import { serverTime } from './server-time.js';

/** What a response says of one limit. The period is not said; nearly always it is a minute. */
export interface HeaderLimit {
  readonly limit?: number;
  readonly remaining?: number;
  /** Milliseconds until the whole limit is available again. */
  readonly resetMs?: number;
}

export interface RateLimitHeaders {
  readonly requests?: HeaderLimit;
  readonly tokens?: HeaderLimit;
  readonly inputTokens?: HeaderLimit;
  readonly outputTokens?: HeaderLimit;
}

const NAMES = [
  ['requests', 'requests'],
  ['tokens', 'tokens'],
  ['inputTokens', 'input-tokens'],
  ['outputTokens', 'output-tokens'],
] as const;

/**
 * Reads `x-ratelimit-{limit,remaining,reset}-*` (OpenAI, Azure and those that follow them; resets are durations) and
 * `anthropic-ratelimit-*-{limit,remaining,reset}` (resets are RFC 3339 dates). What is absent or unreadable is left out.
 */
export function parseRateLimitHeaders(headers: HeaderSource, clock: HeaderClock): RateLimitHeaders {
  return rateLimitHeadersOf(headerLookup(headers), clock.now);
}

export function rateLimitHeadersOf(lookup: HeaderLookup, now: number): RateLimitHeaders {
  const found: { -readonly [Name in keyof RateLimitHeaders]: RateLimitHeaders[Name] } = {};
  for (const [name, suffix] of NAMES) {
    const limit =
      readLimit((field) => lookup(`x-ratelimit-${field}-${suffix}`), lookup, now) ??
      readLimit((field) => lookup(`anthropic-ratelimit-${suffix}-${field}`), lookup, now);
    if (limit !== undefined) found[name] = limit;
  }
  return found;
}

function readLimit(
  field: (name: 'limit' | 'remaining' | 'reset') => string | undefined,
  lookup: HeaderLookup,
  now: number,
): HeaderLimit | undefined {
  const limit = amount(field('limit'));
  const remaining = amount(field('remaining'));
  const resetMs = reset(field('reset'), lookup, now);
  if (limit === undefined && remaining === undefined && resetMs === undefined) return undefined;
  return {
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(resetMs !== undefined && { resetMs }),
  };
}

function amount(value: string | undefined): number | undefined {
  // A negative remainder is a debt: nothing is left.
  return value !== undefined && /^-?\d+(?:\.\d+)?$/.test(value) ? Math.max(0, Number(value)) : undefined;
}

function reset(value: string | undefined, lookup: HeaderLookup, now: number): number | undefined {
  if (value === undefined) return undefined;
  const durationMs = parseDuration(value);
  // Decades are no reset: a bare number this large is a moment, in seconds or milliseconds since the epoch.
  if (durationMs !== undefined && durationMs >= 1e12) {
    return Math.max(0, (durationMs >= 1e15 ? durationMs / 1000 : durationMs) - serverTime(lookup, now));
  }
  if (durationMs !== undefined) return durationMs;
  const date = value.includes(':') ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - serverTime(lookup, now));
}
