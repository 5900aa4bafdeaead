import { type HeaderLookup, type HeaderSource, headerLookup } from './header-source.js';
import { serverTime } from './server-time.js';

export interface HeaderClock {
  /** Wall clock, milliseconds since the epoch; used if the response has no `date` header. */
  readonly now: number;
}

/**
 * How long the server asks to wait, in milliseconds, never below 0: `retry-after-ms`, then `x-ms-retry-after-ms`, then `retry-after` as
 * seconds (fractions too) or as an HTTP date. `undefined` if it does not ask, or not in a form that can be read.
 */
export function parseRetryAfter(headers: HeaderSource, clock: HeaderClock): number | undefined {
  return retryAfterOf(headerLookup(headers), clock.now);
}

export function retryAfterOf(lookup: HeaderLookup, now: number): number | undefined {
  for (const name of ['retry-after-ms', 'x-ms-retry-after-ms']) {
    const ms = plainNumber(lookup(name));
    if (ms !== undefined) return ms;
  }
  const value = lookup('retry-after');
  const seconds = plainNumber(value);
  if (seconds !== undefined) return seconds * 1000;
  // `Date.parse` accepts nearly anything with a digit as a date; HTTP dates and ISO dates both contain a colon.
  const date = value?.includes(':') === true ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - serverTime(lookup, now));
}

function plainNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : undefined;
}
