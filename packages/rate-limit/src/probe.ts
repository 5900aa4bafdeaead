/** Requests in flight at once while nothing is known of the limits. As TCP starts (RFC 6928), and below any common burst. */
const FIRST_WINDOW = 10;
/** The first window at most doubles in this time, however fast the answers come. */
const DOUBLING_MS = 1000;
/** A 429 despite known limits is jitter the first time; another one within this time means that they are shared. */
const EPISODE_MS = 10_000;
/** Multiplicative decrease; by more when a larger part of the calls since the last one was turned away, but not below the second. */
const DECREASE = 0.8;
const LARGEST_DECREASE = 0.4;
/** Additive increase per success, in requests per minute: 5 % a second, whatever the rate. */
const INCREASE = 3;
/** The same for slow rates, as a part of the rate. */
const LARGEST_INCREASE = 0.015;
/** Growth is this much slower close to where the last 429 came, and faster well beyond it (the curve of CUBIC, RFC 9438). */
const NEAR = 0.03;
const NEAR_FACTOR = 0.2;
const BEYOND_FACTOR = 3;
/** Nothing below is concluded from a first 429: requests per minute. */
const SLOWEST_GUESS = 30;
/** A 429 within this time of another was already on its way, ms: twice the time that calls take, within these bounds. */
const ECHO_MS = { least: 250, most: 5000 } as const;

/** What is known without probing. */
export interface Known {
  /** Requests per minute; `Infinity` when no such limit is known. */
  readonly requestsPerMinute: number;
  /** Whether any limit over time is known. */
  readonly any: boolean;
}

/** Finds a rate that the provider takes when no header tells: up carefully while all is well, down at once on a 429. */
export class Probe {
  readonly #enabled: boolean;
  readonly #goodput = new DecayingRate();
  #window: number;
  #startedAt: number | undefined;
  #cap: number | undefined;
  #lastLimitedAt = Number.NEGATIVE_INFINITY;
  /** Answers since the last decrease. */
  #succeeded = 0;
  #rejected = 0;
  /** The rate at which the last 429 came; `Infinity` before the first. */
  #ceiling = Number.POSITIVE_INFINITY;

  constructor(enabled: boolean) {
    this.#enabled = enabled;
    this.#window = enabled ? FIRST_WINDOW : Number.POSITIVE_INFINITY;
  }

  /** How many requests may be in flight. */
  get window(): number {
    return this.#window;
  }

  /** Requests per minute that seem to be safe; `undefined` while nothing speaks against the known limits. */
  get capPerMinute(): number | undefined {
    return this.#cap;
  }

  /** The limits became known, or changed: what was concluded from the old ones is void. */
  limitsKnown(): void {
    this.#window = Number.POSITIVE_INFINITY;
    this.#cap = undefined;
    this.#ceiling = Number.POSITIVE_INFINITY;
  }

  succeeded(now: number, known: Known): void {
    if (!this.#enabled) return;
    this.#goodput.add(now);
    this.#succeeded += 1;
    this.#startedAt ??= now;
    const longest = FIRST_WINDOW * 2 ** ((now - this.#startedAt) / DOUBLING_MS);
    this.#window = Math.max(this.#window, Math.min(this.#window + 1, longest));
    const cap = this.#cap;
    // A rate that is not made use of proves nothing, so it does not grow.
    if (cap === undefined || cap > 2 * this.#goodput.perMinute(now)) return;
    const grown = cap + Math.min(INCREASE, cap * LARGEST_INCREASE) * this.#factor(cap);
    this.#cap = grown >= known.requestsPerMinute ? undefined : grown;
  }

  /** A 429 came; `holdMs`: how long calls take. False when it is the echo of an earlier one. */
  rateLimited(now: number, known: Known, holdMs: number): boolean {
    this.#rejected += 1;
    const sinceMs = now - this.#lastLimitedAt;
    if (sinceMs < Math.min(ECHO_MS.most, Math.max(ECHO_MS.least, 2 * holdMs))) return false;
    this.#lastLimitedAt = now;
    if (!this.#enabled || (known.any && sinceMs >= EPISODE_MS && this.#cap === undefined)) return true;
    if (this.#cap !== undefined || Number.isFinite(known.requestsPerMinute)) {
      this.#ceiling = this.#cap ?? known.requestsPerMinute;
      const passed = this.#succeeded / (this.#succeeded + this.#rejected);
      this.#cap = Math.max(1, this.#ceiling * Math.min(DECREASE, Math.max(LARGEST_DECREASE, passed)));
    } else {
      // What came through so far is a low guess, no ceiling.
      this.#cap = Math.max(SLOWEST_GUESS, this.#goodput.perMinute(now)) * DECREASE;
    }
    this.#succeeded = 0;
    this.#rejected = 0;
    // From here on the rate is in charge.
    this.#window = Number.POSITIVE_INFINITY;
    return true;
  }

  #factor(cap: number): number {
    if (cap > this.#ceiling * (1 + NEAR) || this.#ceiling === Number.POSITIVE_INFINITY) return BEYOND_FACTOR;
    return cap > this.#ceiling * (1 - NEAR) ? NEAR_FACTOR : 1;
  }
}

const DECAY_MS = 2000;

/** Events per time, exponentially weighted; too low rather than too high while there is little to go by. */
class DecayingRate {
  #weight = 0;
  #at = 0;

  add(now: number): void {
    this.#weight = this.#decayed(now) + 1;
    this.#at = now;
  }

  perMinute(now: number): number {
    return (this.#decayed(now) / DECAY_MS) * 60_000;
  }

  #decayed(now: number): number {
    return this.#weight * Math.exp(Math.min(0, this.#at - now) / DECAY_MS);
  }
}
