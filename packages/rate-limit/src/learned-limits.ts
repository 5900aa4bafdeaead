import type { HeaderLimit, RateLimitHeaders } from './headers/rate-limit-headers.js';
import type { Dimension } from './limits.js';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A per-minute limit is whole again after a minute; allows for rounding to seconds. */
const LONGEST_MINUTE_RESET_MS = 61_000;
/** How much longer a reset may seem by a clock of our own that is slow. */
const SLOW_CLOCK_MS = 60_000;

export interface Learned {
  readonly limit: number;
  /** The smallest estimate so far of how much the provider tolerates at one moment, in units; `undefined` while unknown. */
  readonly capacity?: number;
}

/** One limit as a response reported it. */
export interface Reading {
  readonly dimension: Dimension;
  /** The limit itself is new or changed. */
  readonly limitChanged: boolean;
  /** The limit or the tolerated burst changed. */
  readonly changed: boolean;
  /** Upper bound on what is left; allows for the refill since the provider wrote the header. */
  readonly left?: number;
  /** Time until the limit is whole again. */
  readonly resetMs?: number;
}

/** What response headers have reported about the limits of one key. */
export class LearnedLimits {
  readonly #learned = new Map<Dimension, Learned>();

  get(dimension: Dimension): Learned | undefined {
    return this.#learned.get(dimension);
  }

  limit(dimension: Dimension): number | undefined {
    return this.#learned.get(dimension)?.limit;
  }

  /**
   * Half of what the provider seems to tolerate at once, as ms of the limit. The other half is left for calls that travel at different
   * speeds and arrive closer together than they were sent.
   */
  burstMs(dimension: Dimension): number {
    const learned = this.#learned.get(dimension);
    return learned?.capacity === undefined ? 0 : ((learned.capacity / learned.limit) * MINUTE_MS) / 2;
  }

  learn(headers: RateLimitHeaders): Reading[] {
    const readings: Reading[] = [];
    const add = (dimension: Dimension, header: HeaderLimit | undefined): void => {
      const reading = header === undefined ? undefined : this.#read(dimension, header);
      if (reading !== undefined) readings.push(reading);
    };
    add(this.#requestDimension(headers.requests), headers.requests);
    add('tokensPerMinute', headers.tokens);
    add('inputTokensPerMinute', headers.inputTokens);
    add('outputTokensPerMinute', headers.outputTokens);
    return readings;
  }

  /**
   * Adopts what another process learned; `undefined` means that there is no such limit. Returns whether the limit itself is new or changed.
   */
  adopt(dimension: Dimension, learned: Learned | undefined): boolean {
    const before = this.#learned.get(dimension);
    if (learned === undefined) return this.#learned.delete(dimension);
    const limitChanged = before?.limit !== learned.limit;
    const known = limitChanged ? undefined : before.capacity;
    const capacity =
      learned.capacity === undefined ? known : Math.min(learned.capacity, known ?? learned.limit);
    this.#learned.set(dimension, { limit: learned.limit, ...(capacity !== undefined && { capacity }) });
    return limitChanged;
  }

  /** Some providers report their daily limit under the name that others use for the minute; only the reset tells them apart. */
  #requestDimension(header: HeaderLimit | undefined): Dimension {
    const known = this.#learned.get('requestsPerDay');
    if (known !== undefined && known.limit === header?.limit) return 'requestsPerDay';
    const longestMs = LONGEST_MINUTE_RESET_MS + (header?.byOwnClock ? SLOW_CLOCK_MS : 0);
    return (header?.resetMs ?? 0) > longestMs ? 'requestsPerDay' : 'requestsPerMinute';
  }

  #read(dimension: Dimension, { limit, remaining, resetMs }: HeaderLimit): Reading | undefined {
    const before = this.#learned.get(dimension);
    const current = limit !== undefined && limit >= 1 ? limit : before?.limit;
    if (current === undefined) return undefined;
    if (dimension === 'requestsPerDay' && this.#learned.get('requestsPerMinute')?.limit === current) {
      // It was taken for a per-minute limit until its reset grew too long for one.
      this.#learned.delete('requestsPerMinute');
    }
    const periodMs = dimension === 'requestsPerDay' ? DAY_MS : MINUTE_MS;
    const limitChanged = before?.limit !== current;
    const known = limitChanged ? undefined : before?.capacity;
    const seen =
      remaining === undefined || resetMs === undefined
        ? undefined
        : remaining + (resetMs * current) / periodMs;
    const capacity = seen === undefined ? known : Math.min(current, seen, known ?? current);
    this.#learned.set(dimension, { limit: current, ...(capacity !== undefined && { capacity }) });
    return {
      dimension,
      limitChanged,
      changed: limitChanged || capacity !== known,
      // The header describes the moment at which the provider admitted the call: a second's refill may have come since.
      ...(remaining !== undefined && { left: remaining + (current * 1000) / periodMs }),
      ...(resetMs !== undefined && { resetMs }),
    };
  }
}
