/** How the feeling of the way is done; the script for Redis reads these as well. */
export const PROBE = {
  /** Requests on their way at once, undecided, while nothing is known of the limits. As TCP starts (RFC 6928), and below any common burst. */
  firstWindow: 10,
  /** The first window at most doubles in this time, however fast the answers come. */
  doublingMs: 1000,
  /**
   * Whoever turns calls away mostly does so at once: a call that was kept for so long counts as accepted, however late its answer
   * begins. As some do it late, the window grows by no more than its first size in this time where nothing else is known.
   */
  keptMs: 1000,
  /** A 429 despite known limits is jitter the first time; another one within this time means that they are shared. */
  episodeMs: 10_000,
  /** Multiplicative decrease; by more when a larger part of the calls since the last one was turned away, but not below the second. */
  decrease: 0.8,
  largestDecrease: 0.4,
  /** Additive increase per success, in requests per minute: 5 % a second, whatever the rate. */
  increase: 3,
  /** The same for slow rates, as a part of the rate. */
  largestIncrease: 0.015,
  /** The same while no ceiling was met since the first guess: 70 % a second, but no step more than half. As TCP's slow start. */
  searchIncrease: 42,
  largestSearchIncrease: 0.5,
  /** What the search overshot by is taken back (as TCP does on the first loss); a ceiling that is too low is soon passed. */
  searchDecrease: 0.5,
  /** Growth is this much slower close to where the last 429 came, and faster well beyond it (the curve of CUBIC, RFC 9438). */
  near: 0.03,
  nearFactor: 0.2,
  beyondFactor: 3,
  /** A rate is guessed from so many answers at least. With fewer, twice no more is concluded than to go one call at a time. */
  evidence: 5,
  blindTimes: 2,
  /** Nothing below is concluded from a first 429, or from any behind which none was accepted: requests per minute. */
  slowestGuess: 30,
  /** A 429 within this time of another was already on its way, ms: twice the time that calls take, within these bounds. */
  leastEchoMs: 250,
  mostEchoMs: 5000,
  /** The rate of successes is weighted by so much time. */
  decayMs: 2000,
} as const;

/** What is known without probing. */
export interface Known {
  /** Requests per minute; `Infinity` when no such limit is known. */
  readonly requestsPerMinute: number;
  /** Whether any limit over time is known. */
  readonly any: boolean;
}

/** Finds a rate that the provider takes when no header tells: up carefully while all is well, down at once on a 429. */
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
  /** 429s from which nothing was concluded, since there were answers enough. */
  #blind = 0;
  /** The rate at which the last 429 came; `Infinity` before the first. */
  #ceiling = Number.POSITIVE_INFINITY;

  constructor(enabled: boolean) {
    this.#enabled = enabled;
    this.#window = enabled ? PROBE.firstWindow : Number.POSITIVE_INFINITY;
  }

  /**
   * How many requests may be on their way of which it is not known whether they are accepted. What the provider has accepted does
   * not count, however long it lasts: what is felt for is how fast it takes calls, not how many it serves at once.
   */
  get window(): number {
    return this.#window;
  }

  /** Requests per minute that seem to be safe; `undefined` while nothing speaks against the known limits. */
  get capPerMinute(): number | undefined {
    return this.#cap;
  }

  /** Requests per minute at which the last 429 came; `Infinity` while none did since the first guess. */
  get ceilingPerMinute(): number {
    return this.#ceiling;
  }

  setEnabled(enabled: boolean): void {
    if (enabled === this.#enabled) return;
    this.#enabled = enabled;
    this.#window = enabled ? PROBE.firstWindow : Number.POSITIVE_INFINITY;
    this.#cap = undefined;
  }

  /** Takes over what was found with others. */
  adopt(capPerMinute: number | undefined, ceilingPerMinute: number, window: number): void {
    this.#cap = capPerMinute;
    this.#ceiling = ceilingPerMinute;
    this.#window = window;
  }

  /** The limits became known, or changed: what was concluded from the old ones is void. */
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
    // A rate that is not made use of proves nothing, so it does not grow.
    if (cap === undefined || cap > 2 * this.#goodput.perMinute(now)) return;
    const grown = cap + this.#step(cap);
    this.#cap = grown >= known.requestsPerMinute ? undefined : grown;
  }

  /** A 429 came; `holdMs`: how long calls take. False when it is the echo of an earlier one. */
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
      // Where none is accepted, a slow rate is not what is wrong: to wait as long as is asked for is what helps.
      const slowest =
        this.#succeeded === 0 ? Math.min(this.#ceiling, PROBE.slowestGuess * PROBE.decrease) : 1;
      this.#cap = Math.max(slowest, this.#ceiling * Math.min(most, Math.max(PROBE.largestDecrease, passed)));
    } else if (this.#succeeded < PROBE.evidence && this.#blind < PROBE.blindTimes) {
      // A lone caller who is turned away once is not slow: the pause that it was asked for is enough.
      this.#blind += 1;
      this.#window = 1;
      return true;
    } else {
      // What came through so far is a low guess, no ceiling.
      this.#cap = Math.max(PROBE.slowestGuess, this.#goodput.perMinute(now)) * PROBE.decrease;
    }
    this.#succeeded = 0;
    this.#rejected = 0;
    // From here on the rate is in charge.
    this.#window = Number.POSITIVE_INFINITY;
    return true;
  }

  /**
   * What is left of a wait of `steadyMs` at the rate of now, since the rate will grow: as fast as the search goes while nothing speaks
   * against it, later to where the last 429 came.
   */
  growingMs(steadyMs: number, knownPerMinute: number): number {
    if (this.#cap === undefined || this.#cap >= knownPerMinute) return steadyMs;
    // By successes alone: before the next call is let in, nothing grows.
    const firstMs = Math.min(steadyMs, 60_000 / this.#cap);
    const laterMs = steadyMs - firstMs;
    if (!this.#isSearching)
      return firstMs + laterMs * Math.min(1, this.#cap / Math.min(this.#ceiling, knownPerMinute));
    const growthPerMs = PROBE.searchIncrease / 60_000;
    return firstMs + Math.log1p(laterMs * growthPerMs) / growthPerMs;
  }

  /** A rate was guessed, and nothing spoke against it since. */
  get #isSearching(): boolean {
    return this.#cap !== undefined && this.#ceiling === Number.POSITIVE_INFINITY;
  }

  /** Milliseconds since anything was heard of a call first. */
  #sinceStart(now: number): number {
    this.#startedAt ??= now;
    return now - this.#startedAt;
  }

  /** Makes the window larger by one, up to `widest`. */
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

/** Events per time, exponentially weighted; too low rather than too high while there is little to go by. */
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
