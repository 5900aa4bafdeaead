import type { MemoryNode } from './memory-node.js';
import { type EvictionBounds, S3Fifo } from './s3-fifo.js';

/**
 * An eviction policy for each owner of entries, within bounds that all share. Whoever holds the most makes room, so that nobody
 * comes below an equal part by what others do; what an owner does not use, others may. With a single owner it is the policy itself.
 */
export class OwnedEviction<V> {
  readonly #bounds: EvictionBounds;
  readonly #owners: Map<string, S3Fifo<V>> = new Map();
  /** Who held the most when it was last looked; a shrinking owner may have passed the place on. */
  #largest: S3Fifo<V> | undefined;
  entries = 0;
  bytes = 0;

  constructor(bounds: EvictionBounds) {
    this.#bounds = bounds;
  }

  get isOverfull(): boolean {
    return this.entries > this.#bounds.maxEntries || this.bytes > this.#bounds.maxBytes;
  }

  insert(node: MemoryNode<V>): void {
    let policy = this.#owners.get(node.owner);
    if (policy === undefined) {
      policy = new S3Fifo(this.#bounds);
      this.#owners.set(node.owner, policy);
    }
    policy.insert(node);
    this.entries += 1;
    this.bytes += node.size;
    if (this.#largest === undefined || this.#partOf(policy) > this.#partOf(this.#largest))
      this.#largest = policy;
  }

  remove(node: MemoryNode<V>): void {
    if (node.queue === undefined) return;
    const policy = this.#owners.get(node.owner);
    policy?.remove(node);
    this.#left(node, policy);
  }

  /** Takes the next entry to give up out of its queue and returns it; undefined when there is none. */
  evict(): MemoryNode<V> | undefined {
    const policy = this.#whoMakesRoom();
    const node = policy?.evict(this.#owners.size === 1 ? 1 : this.#partOf(policy));
    if (node !== undefined) this.#left(node, policy);
    return node;
  }

  #left(node: MemoryNode<V>, policy: S3Fifo<V> | undefined): void {
    this.entries -= 1;
    this.bytes -= node.size;
    // What one owner gave up lately is worth remembering, what a thousand did is not.
    if (policy?.entries !== 0 || this.#owners.size === 1) return;
    this.#owners.delete(node.owner);
    if (this.#largest === policy) this.#largest = undefined;
  }

  /** Whoever holds more than an equal part, by the measure of which there is too much. */
  #whoMakesRoom(): S3Fifo<V> | undefined {
    const known = this.#largest;
    if (known !== undefined && this.#partOf(known) * this.#owners.size > 1) return known;
    let largest: S3Fifo<V> | undefined;
    for (const policy of this.#owners.values())
      if (largest === undefined || this.#partOf(policy) > this.#partOf(largest)) largest = policy;
    this.#largest = largest;
    return largest;
  }

  #partOf(policy: S3Fifo<V>): number {
    return this.bytes > this.#bounds.maxBytes || this.entries === 0
      ? policy.bytes / Math.max(1, this.bytes)
      : policy.entries / this.entries;
  }
}
