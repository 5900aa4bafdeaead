/** Constants of probing, which the script for Redis uses as well. */
export const PROBE = {
  /** Undecided requests in flight while nothing is known about the limits. As TCP starts (RFC 6928), and below any common burst. */
  firstWindow: 10,
  /** The first window at most doubles in this time, however fast the answers come. */
  doublingMs: 1000,
  /**
   * Providers that turn calls away mostly do so at once: a call kept for this long counts as accepted, however late its answer begins.
   * Since some reject late, the window grows by no more than its first size in this time if nothing else is known.
   */
  keptMs: 1000,
  /** The first 429 despite known limits counts as jitter; another one within this time means that the limits are shared. */
  episodeMs: 10_000,
  /** Multiplicative decrease: stronger the more of the calls since the last one were turned away, down to `largestDecrease`. */
  decrease: 0.8,
  largestDecrease: 0.4,
  /** Additive increase per success, in requests per minute: 5 % a second, whatever the rate. */
  increase: 3,
  /** The same for slow rates, as a fraction of the rate. */
  largestIncrease: 0.015,
  /**
   * The same while no ceiling has been met since the first guess: 70 % a second, but never more than half in one step. Like TCP's slow
   * start.
   */
  searchIncrease: 42,
  largestSearchIncrease: 0.5,
  /** Takes back what the search overshot by (as TCP does on the first loss); a ceiling that is too low is soon passed. */
  searchDecrease: 0.5,
  /** Growth is this much slower close to the rate of the last 429, and faster well beyond it (the curve of CUBIC, RFC 9438). */
  near: 0.03,
  nearFactor: 0.2,
  beyondFactor: 3,
  /** Answers needed to guess a rate. With fewer, the only conclusion is to make one call at a time, at most `blindTimes` times. */
  evidence: 5,
  blindTimes: 2,
  /** The slowest rate concluded from a first 429, or from any before which no call was accepted: requests per minute. */
  slowestGuess: 30,
  /** A 429 within this time of another was already in flight, ms: twice the duration of calls, within these bounds. */
  leastEchoMs: 250,
  mostEchoMs: 5000,
  /** Time constant of the decaying rate of successes, ms. */
  decayMs: 2000,
} as const;

/** What is known without probing. */
export interface Known {
  /** Requests per minute; `Infinity` when no such limit is known. */
  readonly requestsPerMinute: number;
  /** Whether any limit over time is known. */
  readonly any: boolean;
}

/** Finds a rate that the provider accepts when no header reports one: up carefully while all is well, down at once on a 429. */
export class Probe {
  #enabled: boolean;
  readonly #goodput = new DecayingRate();
  #window: number;
  #startedAt: number | undefined;
  #cap: number | undefined;
  #lastLimitedAt = Number.NEGATIVE_INFINITY;
  /** Answers since the last decrease. */
  #succeeded = 0;
  #rejected = 0;
  /** 429s from which nothing was concluded, since there last were enough answers. */
  #blind = 0;
  /** The rate at which the last 429 came; `Infinity` before the first. */
  #ceiling = Number.POSITIVE_INFINITY;

  constructor(enabled: boolean) {
    this.#enabled = enabled;
    this.#window = enabled ? PROBE.firstWindow : Number.POSITIVE_INFINITY;
  }

  /**
   * How many requests may be in flight without knowing whether they are accepted. Accepted calls do not count, however long they last:
   * probing is about how fast the provider takes calls, not how many it serves at once.
   */
  get window(): number {
    return this.#window;
  }

  /** Requests per minute that seem safe; `undefined` while nothing speaks against the known limits. */
  get capPerMinute(): number | undefined {
    return this.#cap;
  }

  /** Requests per minute at which the last 429 came; `Infinity` if none has come since the first guess. */
  get ceilingPerMinute(): number {
    return this.#ceiling;
  }

  setEnabled(enabled: boolean): void {
    if (enabled === this.#enabled) return;
    this.#enabled = enabled;
    this.#window = enabled ? PROBE.firstWindow : Number.POSITIVE_INFINITY;
    this.#cap = undefined;
  }

  /** Adopts what was found together with other processes. */
  adopt(capPerMinute: number | undefined, ceilingPerMinute: number, window: number): void {
    this.#cap = capPerMinute;
    this.#ceiling = ceilingPerMinute;
    this.#window = window;
  }

  /** The limits became known or changed: conclusions from the old ones are void. */
  limitsKnown(): void {
    this.#window = Number.POSITIVE_INFINITY;
    this.#cap = undefined;
    this.#ceiling = Number.POSITIVE_INFINITY;
  }

  /** A call was neither answered nor turned away for `PROBE.keptMs`. */
  kept(now: number): void {
    this.#widen(PROBE.firstWindow * (1 + this.#sinceStart(now) / PROBE.keptMs));
  }

  /** A call was accepted. */
  succeeded(now: number, known: Known): void {
    if (!this.#enabled) return;
    this.#goodput.add(now);
    this.#succeeded += 1;
    if (this.#succeeded >= PROBE.evidence) this.#blind = 0;
    this.#widen(PROBE.firstWindow * 2 ** (this.#sinceStart(now) / PROBE.doublingMs));
    const cap = this.#cap;
    // A rate that is not used proves nothing, so it does not grow.
    if (cap === undefined || cap > 2 * this.#goodput.perMinute(now)) return;
    const grown = cap + this.#step(cap);
    this.#cap = grown >= known.requestsPerMinute ? undefined : grown;
  }

  /** A 429 came; `holdMs`: how long calls take. Returns false if it is the echo of an earlier one. */
  rateLimited(now: number, known: Known, holdMs: number): boolean {
    this.#rejected += 1;
    const sinceMs = now - this.#lastLimitedAt;
    if (sinceMs < Math.min(PROBE.mostEchoMs, Math.max(PROBE.leastEchoMs, 2 * holdMs))) return false;
    this.#lastLimitedAt = now;
    if (!this.#enabled || (known.any && sinceMs >= PROBE.episodeMs && this.#cap === undefined)) return true;
    if (this.#cap !== undefined || Number.isFinite(known.requestsPerMinute)) {
      const most = this.#isSearching ? PROBE.searchDecrease : PROBE.decrease;
      this.#ceiling = this.#cap ?? known.requestsPerMinute;
      const passed = this.#succeeded / (this.#succeeded + this.#rejected);
      // If nothing is accepted, the rate is not the problem: what helps is to wait as long as the server asks.
      const slowest =
        this.#succeeded === 0 ? Math.min(this.#ceiling, PROBE.slowestGuess * PROBE.decrease) : 1;
      this.#cap = Math.max(slowest, this.#ceiling * Math.min(most, Math.max(PROBE.largestDecrease, passed)));
    } else if (this.#succeeded < PROBE.evidence && this.#blind < PROBE.blindTimes) {
      // One call turned away says nothing about the rate: the pause that the server asked for is enough.
      this.#blind += 1;
      this.#window = 1;
      return true;
    } else {
      // What got through so far is a low guess, not a ceiling.
      this.#cap = Math.max(PROBE.slowestGuess, this.#goodput.perMinute(now)) * PROBE.decrease;
    }
    this.#succeeded = 0;
    this.#rejected = 0;
    // From here on the rate is what limits, not the window.
    this.#window = Number.POSITIVE_INFINITY;
    return true;
  }

  /**
   * Corrects a wait of `steadyMs` at the current rate for the growth of that rate: as fast as the search goes while nothing speaks against
   * it, later up to the rate of the last 429.
   */
  growingMs(steadyMs: number, knownPerMinute: number): number {
    if (this.#cap === undefined || this.#cap >= knownPerMinute) return steadyMs;
    // The rate grows with successes only, so not before the next call is let in.
    const firstMs = Math.min(steadyMs, 60_000 / this.#cap);
    const laterMs = steadyMs - firstMs;
    if (!this.#isSearching)
      return firstMs + laterMs * Math.min(1, this.#cap / Math.min(this.#ceiling, knownPerMinute));
    const growthPerMs = PROBE.searchIncrease / 60_000;
    return firstMs + Math.log1p(laterMs * growthPerMs) / growthPerMs;
  }

  /** A rate was guessed, and nothing has contradicted it since. */
  get #isSearching(): boolean {
    return this.#cap !== undefined && this.#ceiling === Number.POSITIVE_INFINITY;
  }

  /** Milliseconds since the first news of any call. */
  #sinceStart(now: number): number {
    this.#startedAt ??= now;
    return now - this.#startedAt;
  }

  /** Widens the window by one, up to `widest`. */
  #widen(widest: number): void {
    this.#window = Math.max(this.#window, Math.min(this.#window + 1, widest));
  }

  #step(cap: number): number {
    if (this.#isSearching) return Math.min(PROBE.searchIncrease, cap * PROBE.largestSearchIncrease);
    const step = Math.min(PROBE.increase, cap * PROBE.largestIncrease);
    if (cap > this.#ceiling * (1 + PROBE.near)) return step * PROBE.beyondFactor;
    return cap > this.#ceiling * (1 - PROBE.near) ? step * PROBE.nearFactor : step;
  }
}

/** Events per time, exponentially weighted; too low rather than too high while there are few. */
class DecayingRate {
  #weight = 0;
  #at = 0;

  add(now: number): void {
    this.#weight = this.#decayed(now) + 1;
    this.#at = now;
  }

  perMinute(now: number): number {
    return (this.#decayed(now) / PROBE.decayMs) * 60_000;
  }

  #decayed(now: number): number {
    return this.#weight * Math.exp(Math.min(0, this.#at - now) / PROBE.decayMs);
  }
}
