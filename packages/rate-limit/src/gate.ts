import { type BackoffOptions, equalJitter, FAILURE_BACKOFF, fullJitter, spread } from './backoff.js';

export type GateReason = 'rate-limit' | 'failures';

/** Failures in a row that close the gate. Fewer are the business of the one caller who saw them. */
const FAILURES_TO_CLOSE = 5;

/** After a 429 that names no time. Shorter than a lone caller's, as it holds for all callers and the rate is cut besides. */
const GATE_BACKOFF: BackoffOptions = { baseMs: 1000, maxMs: 60_000 };

/** A longer pause is a mistake of the server, or at least worth asking again: one day. */
const LONGEST_PAUSE_MS = 86_400_000;

/** Closes a key for everyone after a 429, or after failures in a row, until a time. */
export class Gate {
  readonly #random: () => number;
  #opensAt = Number.NEGATIVE_INFINITY;
  #reason: GateReason = 'rate-limit';
  #rateLimits = 0;
  #failures = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Monotonic ms. */
  get opensAt(): number {
    return this.#opensAt;
  }

  get reason(): GateReason {
    return this.#reason;
  }

  isClosed(now: number): boolean {
    return this.#opensAt > now;
  }

  succeeded(): void {
    this.#rateLimits = 0;
    this.#failures = 0;
  }

  /**
   * A 429 came. `askedMs` is the pause that it asks for; `resetMs` the time until the limit is whole again, which is no reason to
   * wait longer than that. Returns the milliseconds that the gate stays closed.
   */
  rateLimited(askedMs: number | undefined, resetMs: number | undefined, now: number): number {
    if (this.isClosed(now) && this.#reason === 'rate-limit') {
      // One of those that were on their way when the gate closed: not a new reason to back off further, and never to wait less.
      if (askedMs !== undefined) this.#close(now + askedMs, now, 'rate-limit');
      return this.#opensAt - now;
    }
    this.#rateLimits += 1;
    const ownMs = equalJitter(this.#rateLimits, GATE_BACKOFF, this.#random);
    // To come back at once, right after being turned away, is no advice.
    const pauseMs = askedMs || Math.min(ownMs, resetMs || Number.POSITIVE_INFINITY);
    this.#close(now + pauseMs + spread(pauseMs, this.#random), now, 'rate-limit');
    return this.#opensAt - now;
  }

  /** A call failed. Returns the milliseconds that its caller should pause before it tries again. */
  failed(now: number): number {
    // Calls that were on their way say nothing new: an outage seen by a hundred at once is one outage.
    if (this.isClosed(now)) return this.#opensAt - now;
    this.#failures += 1;
    const beyond = this.#failures - FAILURES_TO_CLOSE;
    if (beyond < 0) return fullJitter(this.#failures, FAILURE_BACKOFF, this.#random);
    this.#close(now + equalJitter(beyond + 1, CLOSED_BACKOFF, this.#random), now, 'failures');
    return this.#opensAt - now;
  }

  #close(until: number, now: number, reason: GateReason): void {
    const opensAt = Math.min(until, now + LONGEST_PAUSE_MS);
    if (opensAt <= this.#opensAt) return;
    this.#opensAt = opensAt;
    this.#reason = reason;
  }
}

/** How long failures in a row keep the gate closed: as long as a caller would have backed off by then, and doubling. */
const CLOSED_BACKOFF: BackoffOptions = { baseMs: 4000, maxMs: FAILURE_BACKOFF.maxMs };
