import { EvictedKeys } from '../evicted-keys.js';
import { keyHash } from '../key-hash.js';
import { ownerOf } from '../owner-of.js';
import type { Store, StoreEntry, StoreSetOptions, StoreStats, StoreSummary } from '../store.js';
import { WeakValueMap } from '../weak-value-map.js';
import { MemoryNode } from './memory-node.js';
import { MemorySpace } from './memory-space.js';
import { OwnedEviction } from './owned-eviction.js';
import { countHit } from './s3-fifo.js';

export interface MemoryStoreOptions {
  /** Most entries kept. */
  readonly maxEntries: number;
  /** Most bytes kept, by the entries' `size`. */
  readonly maxBytes: number;
  /** Prefix of the tag that names an entry's owner. Default: all entries belong to one owner. */
  readonly ownerTag?: string | undefined;
}

/** Dead nodes freed per write: more than one, so that the garbage of a clear always shrinks. */
const RECLAIM_PER_WRITE = 8;

/** The first tier: holds values by reference and answers synchronously. */
export class MemoryStore<V> implements Store<V> {
  readonly name = 'memory';
  readonly #options: MemoryStoreOptions;
  readonly #policy: OwnedEviction<V>;
  /** A space lives as long as it has entries or users. */
  readonly #spaces: WeakValueMap<MemorySpace<V>> = new WeakValueMap();
  #retired: Map<string, MemoryNode<V>>[] = [];
  #deadEntries = 0;
  #deadBytes = 0;
  #sequence = 0;
  readonly #evicted: EvictedKeys = new EvictedKeys();
  #evictions = 0;
  #returned = 0;
  #unread = 0;

  constructor(options: MemoryStoreOptions) {
    this.#options = options;
    this.#policy = new OwnedEviction(options);
  }

  async open(): Promise<void> {}

  /** The namespace as an object to hold on to, so that a hit need not look it up. */
  space(namespace: string): MemorySpace<V> {
    return this.#spaces.getOrMake(namespace, () => new MemorySpace(namespace));
  }

  /** The hot path. */
  find(space: MemorySpace<V>, key: string): MemoryNode<V> | undefined {
    const node = space.nodes.get(key);
    if (node === undefined) return undefined;
    if (node.verified < space.tagsClearedAt && space.isTagCleared(node)) {
      this.#drop(node);
      return undefined;
    }
    countHit(node);
    return node;
  }

  /** Call when a lookup did not find the key. */
  countMiss(namespace: string, key: string): void {
    if (!this.#evicted.isEmpty && this.#evicted.take(keyHash(namespace, key))) this.#returned += 1;
  }

  get(namespace: string, key: string): StoreEntry<V> | undefined {
    return this.find(this.space(namespace), key);
  }

  /** What `find` would find, without counting as a hit: the entry keeps its place and its chances of eviction. */
  look(space: MemorySpace<V>, key: string): MemoryNode<V> | undefined {
    const node = space.nodes.get(key);
    return node === undefined || this.#isTagDead(node) ? undefined : node;
  }

  set(namespace: string, key: string, entry: StoreEntry<V>, options?: StoreSetOptions): boolean {
    return this.put(this.space(namespace), key, entry, options?.since);
  }

  put(space: MemorySpace<V>, key: string, entry: StoreEntry<V>, since: number | undefined): boolean {
    const old = space.nodes.get(key);
    if (since !== undefined) {
      if (space.isClearedSince(since, entry.tags)) return false;
      if (old !== undefined && old.sequence > since) return false;
    }
    if (old !== undefined) this.#drop(old);
    if (entry.size > this.#options.maxBytes) return false;
    this.#sequence += 1;
    const node = new MemoryNode(
      space,
      key,
      entry,
      this.#sequence,
      ownerOf(entry.tags, this.#options.ownerTag),
    );
    if (old !== undefined) node.hits = old.hits;
    space.nodes.set(key, node);
    space.bytes += node.size;
    this.#policy.insert(node);
    this.#reclaim(RECLAIM_PER_WRITE);
    this.#makeRoom();
    return space.nodes.get(key) === node;
  }

  delete(namespace: string, key: string): boolean {
    const space = this.space(namespace);
    this.#sequence += 1;
    space.deletedAt = this.#sequence;
    const node = space.nodes.get(key);
    if (node === undefined) return false;
    const wasThere = !this.#isTagDead(node);
    this.#drop(node);
    return wasThere;
  }

  clear(namespace: string, tag?: string): void {
    const space = this.space(namespace);
    this.#sequence += 1;
    if (tag !== undefined) {
      space.clearTag(tag, this.#sequence);
      if (space.tagClearsOverdue) this.#applyTagClears(space);
      return;
    }
    this.#deadEntries += space.nodes.size;
    this.#deadBytes += space.bytes;
    const retired = space.clear(this.#sequence);
    if (retired.size > 0) this.#retired.push(retired);
  }

  sequence(): number {
    return this.#sequence;
  }

  async *entries(namespace: string): AsyncIterable<StoreSummary> {
    for (const node of this.space(namespace).nodes.values()) {
      if (this.#isTagDead(node)) continue;
      const { key, size, createdAt, expiresAt, retainUntil, negative, tags } = node;
      yield { namespace, key, size, createdAt, expiresAt, retainUntil, negative, tags };
    }
  }

  stats(): StoreStats {
    return {
      entries: this.#policy.entries - this.#deadEntries,
      bytes: this.#policy.bytes - this.#deadBytes,
      maxBytes: this.#options.maxBytes,
      evictions: this.#evictions,
      returned: this.#returned,
      unread: this.#unread,
      corrupt: 0,
    };
  }

  async flush(): Promise<void> {}

  clearAll(): void {
    for (const space of this.#spaces.values()) this.clear(space.namespace);
  }

  async close(): Promise<void> {
    this.clearAll();
    this.#reclaim(Number.POSITIVE_INFINITY);
  }

  #isTagDead(node: MemoryNode<V>): boolean {
    return node.verified < node.space.tagsClearedAt && node.space.isTagCleared(node);
  }

  /** Takes a live node out for good. */
  #drop(node: MemoryNode<V>): void {
    node.space.nodes.delete(node.key);
    node.space.bytes -= node.size;
    this.#policy.remove(node);
  }

  #makeRoom(): void {
    while (this.#policy.isOverfull) {
      if (this.#retired.length > 0) {
        this.#reclaim(RECLAIM_PER_WRITE);
        continue;
      }
      const node = this.#policy.evict();
      if (node === undefined) return;
      node.space.nodes.delete(node.key);
      node.space.bytes -= node.size;
      this.#evicted.add(node.hash());
      this.#evictions += 1;
      if (!node.wasKept) this.#unread += 1;
    }
  }

  #reclaim(limit: number): void {
    let left = limit;
    while (left > 0) {
      const nodes = this.#retired.at(-1);
      if (nodes === undefined) return;
      for (const [key, node] of nodes) {
        if (left <= 0) return;
        nodes.delete(key);
        this.#policy.remove(node);
        this.#deadEntries -= 1;
        this.#deadBytes -= node.size;
        left -= 1;
      }
      this.#retired.pop();
    }
  }

  #applyTagClears(space: MemorySpace<V>): void {
    for (const node of space.nodes.values()) {
      if (this.#isTagDead(node)) this.#drop(node);
    }
    space.mergeTagClears();
  }
}
