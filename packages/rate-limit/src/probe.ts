/** Requests in flight at once while nothing is known of the limits. As TCP starts (RFC 6928), and below any common burst. */
const FIRST_WINDOW = 10;
/** After failures in a row; grows back by one with each success, so it doubles per round trip. */
const COLLAPSED_WINDOW = 1;
/** Known limits rule alone again once this many were in flight without trouble. */
const RECOVERED_WINDOW = 32;
/** A 429 despite known limits is jitter the first time; another one within this time means that they are shared. */
const EPISODE_MS = 10_000;
/** Multiplicative decrease. */
const DECREASE = 0.8;
/** Additive increase per success, in requests per minute: 5 % a second, whatever the rate. */
const INCREASE = 3;
/** The same for slow rates, as a part of the rate. */
const LARGEST_INCREASE = 0.02;
/** Close to where the last 429 came, growth is this much slower (the idea of CUBIC, RFC 9438). */
const NEAR = 0.97;
const NEAR_SLOWDOWN = 10;
/** Nothing below is concluded from a first 429: requests per minute. */
const SLOWEST_GUESS = 30;

/** Finds a rate that the provider takes when no header tells: up carefully while all is well, down at once on a 429. */
export class Probe {
  readonly #enabled: boolean;
  readonly #goodput = new DecayingRate();
  #window: number;
  #cap: number | undefined;
  #lastLimitedAt = Number.NEGATIVE_INFINITY;
  /** The rate at which the last 429 came. */
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

  /** `knownLimit`: known requests per minute; `known`: whether any limit over time is known. */
  succeeded(now: number, knownLimit: number, known: boolean): void {
    if (!this.#enabled) return;
    this.#goodput.add(now);
    this.#window += 1;
    if (known && this.#window >= RECOVERED_WINDOW) this.#window = Number.POSITIVE_INFINITY;
    const cap = this.#cap;
    // A rate that is not made use of proves nothing, so it does not grow.
    if (cap === undefined || cap > 2 * this.#goodput.perMinute(now)) return;
    const step = Math.min(INCREASE, cap * LARGEST_INCREASE);
    const grown = cap + (cap > this.#ceiling * NEAR ? step / NEAR_SLOWDOWN : step);
    this.#cap = grown >= knownLimit ? undefined : grown;
  }

  /** A 429 that is not the echo of an earlier one. */
  rateLimited(now: number, knownLimit: number, known: boolean): void {
    if (!this.#enabled) return;
    const again = now - this.#lastLimitedAt < EPISODE_MS;
    this.#lastLimitedAt = now;
    if (known && !again && this.#cap === undefined) return;
    const guess = Math.max(SLOWEST_GUESS, this.#goodput.perMinute(now));
    const rate = this.#cap ?? (Number.isFinite(knownLimit) ? knownLimit : guess);
    this.#ceiling = rate;
    this.#cap = Math.max(1, rate * DECREASE);
    // From here on the rate is in charge.
    this.#window = Number.POSITIVE_INFINITY;
  }

  /** The upstream failed again and again: one request has to succeed before others follow. */
  collapse(): void {
    if (this.#enabled) this.#window = COLLAPSED_WINDOW;
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
