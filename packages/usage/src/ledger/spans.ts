/** The spans that sums are kept for: `span` is the length in ms, `at` the epoch of the start. Days are in UTC. */
export const minuteMs = 60_000;
export const hourMs = 3_600_000;
export const dayMs = 86_400_000;
/** Sums per minute are kept a little longer than a day, the longest time that is looked at by the minute. */
export const keepMinutesMs: number = 25 * hourMs;

/** The start of the span that contains an epoch. */
export function startOf(spanMs: number, epochMs: number): number {
  return Math.floor(epochMs / spanMs) * spanMs;
}
