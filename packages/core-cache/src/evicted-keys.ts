/** A power of two. One more bit halves the keys that push out one another, and doubles the memory: 64 KiB. */
const SLOTS = 2 ** 14;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Which keys were given up lately, to tell how many of them were asked for again: what more room would have kept. A table of 32 bits
 * for each, so that a million evictions take no more than a few; the later of two keys of one slot is remembered. Another key is taken
 * for one of them once in 2^18 times. For counting only: what to keep is decided by the ghosts of the policy.
 */
export class EvictedKeys {
  // Made by the first eviction, which most caches never see.
  #table: Uint32Array | undefined;

  add(namespace: string, key: string): void {
    this.#table ??= new Uint32Array(SLOTS);
    const hash = hashOf(namespace, key);
    this.#table[hash & (SLOTS - 1)] = hash;
  }

  /** Whether the key was given up lately; asking forgets it. */
  take(namespace: string, key: string): boolean {
    if (this.#table === undefined) return false;
    const hash = hashOf(namespace, key);
    const slot = hash & (SLOTS - 1);
    if (this.#table[slot] !== hash) return false;
    this.#table[slot] = 0;
    return true;
  }
}

/** FNV-1a over UTF-16 code units; never 0, which stands for an empty slot. */
function hashOf(namespace: string, key: string): number {
  let state = FNV_OFFSET;
  for (let at = 0; at < namespace.length; at++)
    state = Math.imul(state ^ namespace.charCodeAt(at), FNV_PRIME);
  state = Math.imul(state ^ 0x1ffff, FNV_PRIME);
  for (let at = 0; at < key.length; at++) state = Math.imul(state ^ key.charCodeAt(at), FNV_PRIME);
  // The low bits, which name the slot, are mixed with the high ones.
  return (state ^ (state >>> 15)) >>> 0 || 1;
}
