import { parseDuration } from './duration.js';
import { type HeaderLookup, type HeaderSource, headerLookup } from './header-source.js';
import type { HeaderClock } from './retry-after.js';
import { serverTime } from './server-time.js';

/** What a response says about one limit. It does not say the period, which is nearly always a minute. */
export interface HeaderLimit {
  readonly limit?: number;
  readonly remaining?: number;
  /** Milliseconds until the whole limit is available again. */
  readonly resetMs?: number;
  /** The reset was a date, and the response had none of its own: `resetMs` is as wrong as the clock of this machine. */
  readonly byOwnClock?: true;
}

export interface RateLimitHeaders {
  readonly requests?: HeaderLimit;
  readonly tokens?: HeaderLimit;
  readonly inputTokens?: HeaderLimit;
  readonly outputTokens?: HeaderLimit;
}

/** Names of the headers that report one limit. */
interface FieldNames {
  readonly limit: string;
  readonly remaining: string;
  readonly reset: string;
}

/** By dimension: header names of OpenAI and compatible providers, then those of Anthropic. */
const NAMES: readonly (readonly [
  dimension: keyof RateLimitHeaders,
  openai: FieldNames,
  anthropic: FieldNames,
])[] = (
  [
    ['requests', 'requests'],
    ['tokens', 'tokens'],
    ['inputTokens', 'input-tokens'],
    ['outputTokens', 'output-tokens'],
  ] as const
).map(([dimension, suffix]) => [
  dimension,
  {
    limit: `x-ratelimit-limit-${suffix}`,
    remaining: `x-ratelimit-remaining-${suffix}`,
    reset: `x-ratelimit-reset-${suffix}`,
  },
  {
    limit: `anthropic-ratelimit-${suffix}-limit`,
    remaining: `anthropic-ratelimit-${suffix}-remaining`,
    reset: `anthropic-ratelimit-${suffix}-reset`,
  },
]);

/** Common part of the names above, in any case. */
const TELLING: RegExp = /ratelimit-/i;

/** Whether any header may report a limit. Most responses have none, and one pass over all names costs less than looking up each. */
export function tellsOfLimits(headers: HeaderSource): boolean {
  if (typeof headers.get === 'function') return true;
  for (const name in headers) if (TELLING.test(name)) return true;
  return false;
}

/**
 * Reads `x-ratelimit-{limit,remaining,reset}-*` (OpenAI, Azure and compatible providers; resets are durations) and
 * `anthropic-ratelimit-*-{limit,remaining,reset}` (resets are RFC 3339 dates). Absent or unreadable headers are left out.
 */
export function parseRateLimitHeaders(headers: HeaderSource, clock: HeaderClock): RateLimitHeaders {
  return rateLimitHeadersOf(headerLookup(headers), clock.now);
}

export function rateLimitHeadersOf(lookup: HeaderLookup, now: number): RateLimitHeaders {
  const found: { -readonly [Name in keyof RateLimitHeaders]: RateLimitHeaders[Name] } = {};
  for (const [dimension, openai, anthropic] of NAMES) {
    const limit = readLimit(openai, lookup, now) ?? readLimit(anthropic, lookup, now);
    if (limit !== undefined) found[dimension] = limit;
  }
  return found;
}

function readLimit(names: FieldNames, lookup: HeaderLookup, now: number): HeaderLimit | undefined {
  const limit = amount(lookup(names.limit));
  const remaining = amount(lookup(names.remaining));
  const resets = reset(lookup(names.reset), lookup, now);
  if (limit === undefined && remaining === undefined && resets === undefined) return undefined;
  return {
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...resets,
  };
}

function amount(value: string | undefined): number | undefined {
  // A negative remainder is a debt: nothing is left.
  return value !== undefined && /^-?\d+(?:\.\d+)?$/.test(value) ? Math.max(0, Number(value)) : undefined;
}

type Reset = Pick<HeaderLimit, 'resetMs' | 'byOwnClock'>;

function reset(value: string | undefined, lookup: HeaderLookup, now: number): Reset | undefined {
  if (value === undefined) return undefined;
  const durationMs = parseDuration(value);
  // No reset takes decades: a bare number this large is a point in time, in seconds or milliseconds since the epoch.
  if (durationMs !== undefined && durationMs >= 1e12) {
    return until(durationMs >= 1e15 ? durationMs / 1000 : durationMs, lookup, now);
  }
  if (durationMs !== undefined) return { resetMs: durationMs };
  const date = value.includes(':') ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : until(date, lookup, now);
}

function until(at: number, lookup: HeaderLookup, now: number): Reset {
  const resetMs = Math.max(0, at - serverTime(lookup, now));
  return lookup('date') === undefined ? { resetMs, byOwnClock: true } : { resetMs };
}
