import { type BackoffOptions, equalJitter, spread } from './backoff.js';

/** Failures are no reason: an upstream that fails is a breaker's business, which refuses at once instead of waiting. */
export type GateReason = 'rate-limit';

/** After a 429 that names no time. Shorter than a lone caller's, as it holds for all callers and the rate is cut besides. */
const GATE_BACKOFF: BackoffOptions = { baseMs: 1000, maxMs: 60_000 };

/** A longer pause is a mistake of the server, or at least worth asking again: one day. */
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
   * A 429 came. `askedMs` is the pause that it asks for; `resetMs` the time until the limit is whole again, which is no reason to
   * wait longer than that. Returns the milliseconds that the gate stays closed.
   */
  rateLimited(askedMs: number | undefined, resetMs: number | undefined, now: number): number {
    if (this.isClosed(now)) {
      // One of those that were on their way when the gate closed: not a new reason to back off further, and never to wait less.
      if (askedMs !== undefined) this.#close(now + askedMs, now);
      return this.#opensAt - now;
    }
    this.#rateLimits += 1;
    const ownMs = equalJitter(this.#rateLimits, GATE_BACKOFF, this.#random);
    // To come back at once, right after being turned away, is no advice.
    const pauseMs = askedMs || Math.min(ownMs, resetMs || Number.POSITIVE_INFINITY);
    this.#close(now + pauseMs + spread(pauseMs, this.#random), now);
    return this.#opensAt - now;
  }

  /** Another process closed it until then. */
  keepClosed(until: number, now: number): void {
    this.#close(until, now);
  }

  #close(until: number, now: number): void {
    this.#opensAt = Math.max(this.#opensAt, Math.min(until, now + LONGEST_PAUSE_MS));
  }
}
