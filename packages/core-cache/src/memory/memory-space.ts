import type { MemoryNode } from './memory-node.js';

/** One namespace in memory. Clearing swaps the map; nothing is walked. */
export class MemorySpace<V> {
  readonly namespace: string;
  nodes: Map<string, MemoryNode<V>> = new Map();
  bytes = 0;
  /** Sequence of the last clear of the whole namespace. */
  clearedAt = 0;
  /** Sequence of the last deletion of any key. */
  deletedAt = 0;
  /** Sequence of the newest tag clear: entries verified up to here need no check of their tags. */
  tagsClearedAt = 0;
  readonly #tagClears: Map<string, number> = new Map();
  /** Tag clears up to this sequence were merged away: any tag may have been cleared by then. */
  #mergedClears = 0;

  constructor(namespace: string) {
    this.namespace = namespace;
  }

  clear(sequence: number): Map<string, MemoryNode<V>> {
    const retired = this.nodes;
    this.nodes = new Map();
    this.bytes = 0;
    this.clearedAt = sequence;
    this.#tagClears.clear();
    return retired;
  }

  clearTag(tag: string, sequence: number): void {
    this.tagsClearedAt = sequence;
    this.#tagClears.delete(tag);
    this.#tagClears.set(tag, sequence);
  }

  /** True if so many tag clears are remembered that applying them all would be cheaper. */
  get tagClearsOverdue(): boolean {
    return this.#tagClears.size > 1000 && this.#tagClears.size > this.nodes.size;
  }

  /** Call once every node has been checked: the clears have been applied to everything stored. */
  mergeTagClears(): void {
    this.#mergedClears = this.tagsClearedAt;
    this.#tagClears.clear();
  }

  /** Whether a tag of the node was cleared after it was written. Remembers a negative answer. */
  isTagCleared(node: MemoryNode<V>): boolean {
    for (const tag of node.tags) {
      if ((this.#tagClears.get(tag) ?? 0) > node.sequence) return true;
    }
    node.verified = this.tagsClearedAt;
    return false;
  }

  /** Whether an entry with these tags was cleared after `since`, with its namespace or by a tag. */
  isClearedSince(since: number, tags: readonly string[]): boolean {
    if (this.clearedAt > since) return true;
    if (tags.length > 0 && this.#mergedClears > since) return true;
    return tags.some((tag) => (this.#tagClears.get(tag) ?? 0) > since);
  }
}
