import { show } from './check.js';
import type { Demand } from './limits.js';
import type { Stamp } from './shared/outbox.js';

/** What a call really used. Anything left out stays as reserved. */
export interface Usage {
  /** All input tokens, including those that the provider read from its cache. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** The part of `inputTokens` that the provider read from its own prompt cache; charged by `cachedInputWeight`. */
  readonly cachedInputTokens?: number;
}

/** The right to make one call. It ends once, by `settle` or by `release`, whichever comes first; after that both do nothing. */
export interface Lease {
  readonly key: string;
  /** What was reserved, including estimates. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Milliseconds spent in the queue. */
  readonly waitedMs: number;
  /**
   * Reports that the provider has accepted the call: its response has begun successfully, or is complete. Does what `recordSuccess` does
   * for the key, and makes room for another call while limits are being probed. Counts once; the lease stays open.
   */
  accepted(): void;
  /**
   * Reports that the call was made and used this much; the difference to the reservation is returned or charged. Without usage (the call
   * failed or was cut off midway) the reservation stands. Throws a `RangeError` for a number that is negative or not finite, after ending
   * the lease.
   */
  settle(usage?: Usage): void;
  /** Reports that the call was not made: everything is returned. */
  release(): void;
  [Symbol.dispose](): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Receives what becomes of a lease. */
export interface LeaseHolder {
  readonly key: string;
  accepted(lease: OpenLease): void;
  settled(lease: OpenLease, usage: Usage | undefined): void;
  released(lease: OpenLease): void;
}

export class OpenLease implements Lease {
  readonly demand: Demand;
  /** Monotonic ms. */
  readonly takenAt: number;
  readonly waitedMs: number;
  /** When it was taken from shared counts; absent if it was taken in this process alone. */
  readonly stamp: Stamp | undefined;
  readonly #holder: LeaseHolder;
  #open = true;
  #isAccepted = false;

  constructor(holder: LeaseHolder, demand: Demand, takenAt: number, waitedMs: number, stamp?: Stamp) {
    this.#holder = holder;
    this.demand = demand;
    this.takenAt = takenAt;
    this.waitedMs = waitedMs;
    this.stamp = stamp;
  }

  get key(): string {
    return this.#holder.key;
  }

  get inputTokens(): number {
    return this.demand.inputTokens;
  }

  get outputTokens(): number {
    return this.demand.outputTokens;
  }

  accepted(): void {
    if (!this.#open || this.#isAccepted) return;
    this.#isAccepted = true;
    this.#holder.accepted(this);
  }

  settle(usage?: Usage): void {
    if (!this.#open) return;
    this.#open = false;
    const wrong = usage === undefined ? undefined : firstWrong(usage);
    this.#holder.settled(this, wrong === undefined ? usage : undefined);
    if (wrong !== undefined)
      throw new RangeError(`settle: ${wrong[0]} must be 0 or more, got ${show(wrong[1])}`);
  }

  release(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#holder.released(this);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.release();
    return Promise.resolve();
  }
}

function firstWrong(usage: Usage): readonly [string, unknown] | undefined {
  for (const name of ['inputTokens', 'outputTokens', 'cachedInputTokens'] as const) {
    const value = usage[name];
    if (value !== undefined && !(typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY))
      return [name, value];
  }
  return undefined;
}
