/** A power of two. One more bit halves the keys that push out one another, and doubles the memory: 64 KiB. */
const SLOTS = 2 ** 14;

/**
 * Which keys were given up lately, by their `keyHash`, to tell how many of them were asked for again: what more room would have kept. A
 * table of 32 bits for each, so that a million evictions take no more than a few; the later of two keys of one slot is remembered. Another
 * key is taken for one of them once in 2^18 times. For counting only: what to keep is decided by the ghosts of the policy.
 */
export class EvictedKeys {
  // Made by the first eviction, which most caches never see.
  #table: Int32Array | undefined;

  get isEmpty(): boolean {
    return this.#table === undefined;
  }

  add(hash: number): void {
    this.#table ??= new Int32Array(SLOTS);
    this.#table[hash & (SLOTS - 1)] = hash;
  }

  /** Whether the key was given up lately; asking forgets it. */
  take(hash: number): boolean {
    if (this.#table === undefined) return false;
    const slot = hash & (SLOTS - 1);
    if (this.#table[slot] !== hash) return false;
    this.#table[slot] = 0;
    return true;
  }
}
