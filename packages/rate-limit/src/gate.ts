import { type BackoffOptions, equalJitter, spread } from './backoff.js';

/** Failures are no reason: a failing upstream is up to a breaker, which refuses callers at once instead of making them wait. */
export type GateReason = 'rate-limit';

/** After a 429 that names no time. Shorter than for a lone caller, because it holds for all callers and the rate is cut as well. */
const GATE_BACKOFF: BackoffOptions = { baseMs: 1000, maxMs: 60_000 };

/** One day. A longer pause is a mistake of the server, or at least worth asking again. */
const LONGEST_PAUSE_MS = 86_400_000;

/** Closes a key for everyone after a 429, until a time. */
export class Gate {
  readonly #random: () => number;
  #opensAt = Number.NEGATIVE_INFINITY;
  #rateLimits = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Monotonic ms. */
  get opensAt(): number {
    return this.#opensAt;
  }

  isClosed(now: number): boolean {
    return this.#opensAt > now;
  }

  succeeded(): void {
    this.#rateLimits = 0;
  }

  /**
   * A 429 came. `askedMs`: the pause that it asks for. `resetMs`: time until the limit is whole again, which caps the gate's own pause.
   * Returns how long the gate stays closed, ms.
   */
  rateLimited(askedMs: number | undefined, resetMs: number | undefined, now: number): number {
    if (this.isClosed(now)) {
      // This call was in flight when the gate closed: no reason to back off further, and never to wait less.
      if (askedMs !== undefined) this.#close(now + askedMs, now);
      return this.#opensAt - now;
    }
    this.#rateLimits += 1;
    const ownMs = equalJitter(this.#rateLimits, GATE_BACKOFF, this.#random);
    // A pause of 0 is ignored: coming back right after being turned away is no good advice.
    const pauseMs = askedMs || Math.min(ownMs, resetMs || Number.POSITIVE_INFINITY);
    this.#close(now + pauseMs + spread(pauseMs, this.#random), now);
    return this.#opensAt - now;
  }

  /** Another process closed the gate until then. */
  keepClosed(until: number, now: number): void {
    this.#close(until, now);
  }

  #close(until: number, now: number): void {
    this.#opensAt = Math.max(this.#opensAt, Math.min(until, now + LONGEST_PAUSE_MS));
  }
}
