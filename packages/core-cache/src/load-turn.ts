import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tier } from './tier.js';

/** A holder that dies without releasing, for example on another machine, delays the others this long. */
const LEASE_MS = 10_000;
const PROLONG_EVERY_MS = 3_000;
const FIRST_LOOK_MS = 2;
const LONGEST_LOOK_MS = 50;

interface LoadTurnOptions {
  readonly tiers: readonly Tier[];
  /** Receives the turn for as long as it lasts, for whoever closes the tiers. */
  readonly turns: Set<LoadTurn>;
}

/** The right to load a key, among all processes that share a tier. */
export class LoadTurn {
  readonly #tier: Tier;
  readonly #turns: Set<LoadTurn>;
  readonly #namespace: string;
  readonly #key: string;
  readonly #owner: string = randomUUID();
  #prolonging: NodeJS.Timeout | undefined;
  #isEnded = false;

  /** The most widely shared tier that has leases decides; undefined if there is none. */
  static of({ tiers, turns }: LoadTurnOptions, namespace: string, key: string): LoadTurn | undefined {
    const tier = tiers.findLast((one) => one.hasLeases);
    return tier === undefined ? undefined : new LoadTurn(tier, turns, namespace, key);
  }

  private constructor(tier: Tier, turns: Set<LoadTurn>, namespace: string, key: string) {
    this.#tier = tier;
    this.#turns = turns;
    this.#namespace = namespace;
    this.#key = key;
  }

  /**
   * Waits until it is this process's turn (undefined), until `look` finds what another process has loaded meanwhile, or until `waitMs` have
   * passed (undefined). Does not wait for a failing tier. Rejects with the signal's reason.
   */
  async await<T>(
    look: () => Promise<T | undefined>,
    signal?: AbortSignal,
    waitMs: number = Number.POSITIVE_INFINITY,
  ): Promise<T | undefined> {
    const deadline = performance.now() + waitMs;
    let pauseMs = FIRST_LOOK_MS;
    for (;;) {
      const isOurs = await this.#tier.lease(this.#namespace, this.#key, this.#owner, LEASE_MS);
      if (isOurs === undefined) return undefined;
      if (isOurs) this.#turns.add(this);
      // Even if the lease was granted at once: the previous holder may have finished since our lookup.
      const found = await look();
      if (found !== undefined) {
        if (isOurs) await this.end();
        return found;
      }
      if (isOurs) {
        this.#prolong();
        return undefined;
      }
      if (performance.now() >= deadline) return undefined;
      await sleep(pauseMs, undefined, { ...(signal && { signal }) }).catch(() => signal?.throwIfAborted());
      pauseMs = Math.min(pauseMs * 2, LONGEST_LOOK_MS);
    }
  }

  /** Releases the key to the next waiter. */
  async end(): Promise<void> {
    this.#isEnded = true;
    this.#turns.delete(this);
    clearInterval(this.#prolonging);
    await this.#tier.release(this.#namespace, this.#key, this.#owner);
  }

  #prolong(): void {
    this.#prolonging = setInterval(() => void this.#askAgain(), PROLONG_EVERY_MS);
    this.#prolonging.unref();
  }

  /** A lease that was lost, as to a stalled event loop, may be granted anew after the end: nobody else would release it. */
  async #askAgain(): Promise<void> {
    const isOurs = await this.#tier.lease(this.#namespace, this.#key, this.#owner, LEASE_MS);
    if (isOurs && this.#isEnded) await this.#tier.release(this.#namespace, this.#key, this.#owner);
  }
}
