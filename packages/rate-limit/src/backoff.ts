export interface BackoffOptions {
  /** Longest pause after the first failure, ms. */
  readonly baseMs: number;
  /** No pause is longer, ms. */
  readonly maxMs: number;
}

/** For a lone caller, after a 429 that names no time. Longer than for failures: the server is healthy and says that it is too much. */
export const RATE_LIMIT_BACKOFF: BackoffOptions = { baseMs: 2000, maxMs: 60_000 };
export const FAILURE_BACKOFF: BackoffOptions = { baseMs: 500, maxMs: 30_000 };

/** Exponential with full jitter: from 0 to the ceiling, which doubles with each consecutive failure (1 is the first). */
export function fullJitter(
  failures: number,
  { baseMs, maxMs }: BackoffOptions,
  random: () => number,
): number {
  return random() * ceiling(failures, baseMs, maxMs);
}

/** Exponential with jitter in the upper half only: from half the ceiling to the ceiling. For pauses that must not be zero. */
export function equalJitter(
  failures: number,
  { baseMs, maxMs }: BackoffOptions,
  random: () => number,
): number {
  return ((1 + random()) / 2) * ceiling(failures, baseMs, maxMs);
}

/** Added to a time that the server named, so that callers do not all come back at the same instant. */
export function spread(pauseMs: number, random: () => number): number {
  return random() * Math.min(1000, pauseMs / 10);
}

function ceiling(failures: number, baseMs: number, maxMs: number): number {
  return Math.min(maxMs, baseMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
}
