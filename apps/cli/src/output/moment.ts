/** A local date and time for people: `2026-12-01 04:21`, or `never` beyond the last date. Programs get epoch ms. */
export function minuteOf(epochMs: number): string {
  return local(epochMs)?.slice(0, -':07.000Z'.length).replace('T', ' ') ?? 'never';
}

/** A local time without the date: `04:21:07`, or `never`. */
export function secondOf(epochMs: number): string {
  return local(epochMs)?.slice(-'04:21:07.000Z'.length, -'.000Z'.length) ?? 'never';
}

/** `undefined` for a time later than a `Date` can hold, such as the end of a very long lifetime. */
function local(epochMs: number): string | undefined {
  const offsetMs = new Date(epochMs).getTimezoneOffset() * 60_000;
  const date = new Date(epochMs - offsetMs);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
