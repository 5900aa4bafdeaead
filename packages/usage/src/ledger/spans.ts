/** What sums are kept for: `span` is the length of the time in ms, `at` the epoch of its start. Days are those of UTC. */
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;
/** Sums per minute are kept a little longer than a day, which is the longest span that is looked at by the minute. */
export const keepMinutesMs: number = 25 * hourMs;

/** The start of the span that an epoch lies in. */
export function startOf(spanMs: number, epochMs: number): number {
  return Math.floor(epochMs / spanMs) * spanMs;
}
