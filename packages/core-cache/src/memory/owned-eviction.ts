import type { MemoryNode } from './memory-node.js';
import { type EvictionBounds, S3Fifo } from './s3-fifo.js';

/**
 * One eviction policy per owner, within limits that all owners share. The owner that holds the most makes room, so nobody falls below an
 * equal share because of others; what an owner does not use, others may. With a single owner it is the policy itself.
 */
export class OwnedEviction<V> {
  readonly #bounds: EvictionBounds;
  readonly #owners: Map<string, S3Fifo<V>> = new Map();
  /** The owner that held the most when last determined; out of date once that owner has shrunk. */
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

  /** Removes the next entry to evict from its queue and returns it; undefined if there is none. */
  evict(): MemoryNode<V> | undefined {
    const policy = this.#whoMakesRoom();
    const node = policy?.evict(this.#owners.size === 1 ? 1 : this.#partOf(policy));
    if (node !== undefined) this.#left(node, policy);
    return node;
  }

  #left(node: MemoryNode<V>, policy: S3Fifo<V> | undefined): void {
    this.entries -= 1;
    this.bytes -= node.size;
    // The ghosts of a single owner are worth keeping, those of a thousand owners without entries are not.
    if (policy?.entries !== 0 || this.#owners.size === 1) return;
    this.#owners.delete(node.owner);
    if (this.#largest === policy) this.#largest = undefined;
  }

  /** The owner that holds more than an equal share, in whichever of bytes and entries is over its limit. */
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
