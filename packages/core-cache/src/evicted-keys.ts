/** A power of two; the table takes 64 KiB. Doubling it would halve the number of keys that overwrite one another. */
const SLOTS = 2 ** 14;

/**
 * Keys evicted lately, by their `keyHash`, to count how many are requested again: those that more space would have kept. A table with 32
 * bits per slot, so a million evictions take no more memory than a few; of two keys in one slot, the later is remembered. Another key is
 * mistaken for one of them once in 2^18 times. For statistics only: what to keep is decided by the ghosts of the policy.
 */
export class EvictedKeys {
  // Allocated by the first eviction, which most caches never see.
  #table: Int32Array | undefined;

  get isEmpty(): boolean {
    return this.#table === undefined;
  }

  add(hash: number): void {
    this.#table ??= new Int32Array(SLOTS);
    this.#table[hash & (SLOTS - 1)] = hash;
  }

  /** Whether the key was evicted lately; asking forgets it. */
  take(hash: number): boolean {
    if (this.#table === undefined) return false;
    const slot = hash & (SLOTS - 1);
    if (this.#table[slot] !== hash) return false;
    this.#table[slot] = 0;
    return true;
  }
}
