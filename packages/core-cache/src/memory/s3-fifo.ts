import { Ghosts } from '../ghosts.js';
import { FifoQueue } from './fifo-queue.js';
import type { MemoryNode } from './memory-node.js';

const SMALL_SHARE = 0.1;
const MAX_HITS = 3;

/** Counts a use of an entry. */
export function countHit(node: { hits: number }): void {
  if (node.hits < MAX_HITS) node.hits += 1;
}

export interface EvictionBounds {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

/**
 * S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO queues are all you need for cache eviction", SOSP 2023), bounded by bytes as well as by
 * entries. New entries pass through a small queue; only those that are hit there, or that come back soon after they fell out (the ghosts),
 * reach the main queue. So a scan flows through the small queue without displacing hot entries, and a hit is one increment, cheaper than
 * moving a node to the front of an LRU list.
 */
export class S3Fifo<V> {
  readonly #bounds: EvictionBounds;
  readonly #small: FifoQueue<V> = new FifoQueue();
  readonly #main: FifoQueue<V> = new FifoQueue();
  readonly #ghosts: Ghosts = new Ghosts();

  constructor(bounds: EvictionBounds) {
    this.#bounds = bounds;
  }

  get entries(): number {
    return this.#small.entries + this.#main.entries;
  }

  get bytes(): number {
    return this.#small.bytes + this.#main.bytes;
  }

  insert(node: MemoryNode<V>): void {
    const returning = !this.#ghosts.isEmpty && this.#ghosts.take(node.hash(), this.entries);
    node.wasKept = returning;
    (returning ? this.#main : this.#small).push(node);
  }

  remove(node: MemoryNode<V>): void {
    node.queue?.remove(node);
  }

  /**
   * Removes the next entry to evict from its queue and returns it; undefined if there is none. `part`: share of the limits that is for
   * these entries, up to 1.
   */
  evict(part = 1): MemoryNode<V> | undefined {
    for (;;) {
      const fromSmall = this.#main.entries === 0 || this.#isSmallOverfull(part);
      const queue = fromSmall && this.#small.entries > 0 ? this.#small : this.#main;
      const node = queue.oldest;
      if (node === undefined) return undefined;
      queue.remove(node);
      if (node.hits === 0) {
        if (queue === this.#small) this.#ghosts.add(node.hash(), this.entries);
        return node;
      }
      node.hits = queue === this.#small ? 0 : node.hits - 1;
      node.wasKept = true;
      this.#main.push(node);
    }
  }

  #isSmallOverfull(part: number): boolean {
    const { maxEntries, maxBytes } = this.#bounds;
    const share = SMALL_SHARE * part;
    return this.#small.entries > maxEntries * share || this.#small.bytes > maxBytes * share;
  }
}
