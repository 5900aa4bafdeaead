import { parseDuration } from './duration.js';

/**
 * Parses a point in time into epoch ms: a duration such as `90s`, `30m`, `24h` or `7d` means that long ago, otherwise a date such as
 * `2026-11-22` or `2026-11-22T21:30:00Z`. Throws a `RangeError` that names the parameter.
 */
export function parseMoment(name: string, text: string): number {
  if (/^\d+[a-z]$/.test(text)) return Math.max(0, Date.now() - parseDuration(name, text));
  const at = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) {
    const wanted = 'a duration such as 30m, 24h or 7d, or a date such as 2026-11-22T21:30:00Z';
    throw new RangeError(`${name} must be ${wanted}, got ${JSON.stringify(text)}`);
  }
  return Math.max(0, at);
}
