import type { StoreEntry } from './store.js';
import type { Tier } from './tier.js';

/** Tolerated difference between the clocks of machines that share a tier. */
const CLOCK_SKEW_MS = 60_000;
const MAX_SETTLED = 100_000;

/**
 * While changes in a shared tier went unreported, the tiers above it may have kept values that were replaced there. Their entries from that
 * time or before are compared with the shared tier when they are requested, each entry once.
 */
export class Doubts {
  readonly #settled: Set<string> = new Set();
  #source: Tier | undefined;
  /** Entries created up to this time are in doubt. */
  #until: number = Number.NEGATIVE_INFINITY;

  /** `source`: the tier whose changes were missed until now. */
  begin(source: Tier, now: number): void {
    this.#source = source;
    this.#until = now + CLOCK_SKEW_MS;
    this.#settled.clear();
  }

  /** Whether a tier's entry may be served; true also while it cannot be compared. If not, the entry is deleted from the tier. */
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
