import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tier } from './tier.js';

/** A holder that dies without a trace, on another machine say, holds the others up this long. */
const LEASE_MS = 10_000;
const PROLONG_EVERY_MS = 3_000;
const FIRST_LOOK_MS = 2;
const LONGEST_LOOK_MS = 50;

/** The right to load a key, among all processes on a tier. */
export class LoadTurn {
  readonly #tier: Tier;
  readonly #namespace: string;
  readonly #key: string;
  readonly #owner: string = randomUUID();
  #prolonging: NodeJS.Timeout | undefined;

  /** The widest tier that knows who loads what decides; undefined when there is none. */
  static of(tiers: readonly Tier[], namespace: string, key: string): LoadTurn | undefined {
    const tier = tiers.findLast((one) => one.hasLeases);
    return tier === undefined ? undefined : new LoadTurn(tier, namespace, key);
  }

  private constructor(tier: Tier, namespace: string, key: string) {
    this.#tier = tier;
    this.#namespace = namespace;
    this.#key = key;
  }

  /**
   * Waits until it is this process' turn, which answers undefined, or until `look` finds what another process has loaded
   * meanwhile, or until it has waited for `waitMs`. Does not wait for a tier that fails. Rejects with the signal's reason.
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
      // Also when it is ours at once: the one before may have finished between our lookup and now.
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

  /** Lets the next one have it. */
  async end(): Promise<void> {
    clearInterval(this.#prolonging);
    await this.#tier.release(this.#namespace, this.#key, this.#owner);
  }

  #prolong(): void {
    this.#prolonging = setInterval(() => {
      void this.#tier.lease(this.#namespace, this.#key, this.#owner, LEASE_MS);
    }, PROLONG_EVERY_MS);
    this.#prolonging.unref();
  }
}
