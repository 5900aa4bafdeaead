import type { StoreEntry } from './store.js';
import type { Tier } from './tier.js';

/** By how much the clocks of machines that share a tier may differ without harm. */
const CLOCK_SKEW_MS = 60_000;
const MAX_SETTLED = 100_000;

/**
 * While nobody could tell of changes in a shared tier, the tiers above it may have kept what was replaced there. What they have
 * from before is compared with the shared tier when it is asked for, each entry once.
 */
export class Doubts {
  readonly #settled: Set<string> = new Set();
  #source: Tier | undefined;
  /** Entries made up to then are in doubt. */
  #until: number = Number.NEGATIVE_INFINITY;

  /** `source`: the tier whose changes were missed, up to now. */
  begin(source: Tier, now: number): void {
    this.#source = source;
    this.#until = now + CLOCK_SKEW_MS;
    this.#settled.clear();
  }

  /** Whether the entry of a tier can be served, or cannot be compared at present. If not, it is deleted there. */
  async isSound(tier: Tier, namespace: string, key: string, kept: StoreEntry<Uint8Array>): Promise<boolean> {
    const name = `${namespace.length}:${namespace}:${key}`;
    if (this.#source === undefined || tier === this.#source) return true;
    if (kept.createdAt > this.#until || this.#settled.has(name)) return true;
    const current = await this.#source.get(namespace, key, false);
    if (current === 'unavailable') return true;
    if (typeof current === 'string' || current.createdAt !== kept.createdAt) {
      await tier.delete(namespace, key);
      return false;
    }
    if (this.#settled.size >= MAX_SETTLED) this.#settled.clear();
    this.#settled.add(name);
    return true;
  }
}
