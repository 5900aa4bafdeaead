import type { HeaderLookup } from './header-source.js';

/**
 * The time by which the server wrote its dates: its own `date` header where there is one, so that a clock that is wrong, here or
 * there, does not stretch or shorten the pause. Milliseconds since the epoch.
 */
export function serverTime(lookup: HeaderLookup, now: number): number {
  const date = Date.parse(lookup('date') ?? '');
  return Number.isNaN(date) ? now : date;
}
