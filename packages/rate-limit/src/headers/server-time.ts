import type { HeaderLookup } from './header-source.js';

/**
 * The server's time when it wrote its dates: its own `date` header if there is one, so that a wrong clock, here or there, does not stretch
 * or shorten the pause. Milliseconds since the epoch.
 */
export function serverTime(lookup: HeaderLookup, now: number): number {
  const date = Date.parse(lookup('date') ?? '');
  return Number.isNaN(date) ? now : date;
}
