import { CacheError } from './cache-error.js';
import type { ResolvedOptions } from './cache-options.js';
import type { CacheStats, MissCounts, TierStats } from './cache-types.js';
import { Doubts } from './doubts.js';
import { followChanges } from './follow-changes.js';
import type { LoadTurn } from './load-turn.js';
import { Loader } from './loader.js';
import type { MemoryNode } from './memory/memory-node.js';
import { MemoryStore } from './memory/memory-store.js';
import { Moments } from './moments.js';
import { NamespacedCache } from './namespaced-cache.js';
import type { SearchResult } from './searcher.js';
import type { Store, StoreChanges } from './store.js';
import { Tier } from './tier.js';
import { WeakValueMap } from './weak-value-map.js';

/** How far memory may lag behind what another process wrote to a shared tier. */
const LOOK_EVERY_MS = 100;
const TOUCH_EVERY_MS = 10_000;

/** State shared by all namespaces of one cache: tiers, counters and background work. */
export class CacheCore<V> {
  readonly options: ResolvedOptions<V>;
  readonly memory: MemoryStore<V> | undefined;
  readonly tiers: readonly Tier[];
  /** Undefined until a change has been missed. */
  doubts: Doubts | undefined;
  isClosed = false;
  /** When the tiers were last asked what other processes changed; {@link needsLook} says when to ask again. */
  #lookedAt: number = Number.NEGATIVE_INFINITY;
  readonly #lookEveryMs: number;
  readonly #moments: Moments = new Moments();
  #now: number = Number.NaN;
  #moment = 0;
  // Plain numbers, so that a hit only has to increment them.
  memoryHits = 0;
  memoryMisses = 0;
  memorySets = 0;
  memoryDeletes = 0;
  hits = 0;
  misses = 0;
  readonly missed: Record<keyof MissCounts, number> = {
    absent: 0,
    expired: 0,
    stale: 0,
    corrupt: 0,
    unavailable: 0,
  };
  loads = 0;
  loadErrors = 0;
  coalesced = 0;
  staleServes = 0;
  /** Rights to load that this process holds. */
  readonly turns: Set<LoadTurn> = new Set();
  /** A load in progress keeps its loader alive, so later callers find it through any view of the namespace. */
  readonly #loaders: WeakValueMap<Loader<V>> = new WeakValueMap();
  readonly #background: Set<Promise<unknown>> = new Set();
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedOptions<V>, stores: readonly Store<Uint8Array>[]) {
    this.options = options;
    this.memory =
      options.memory === undefined
        ? undefined
        : new MemoryStore({ ...options.memory, ownerTag: options.ownerTag });
    this.tiers = stores.map((store) => new Tier(store, options.clock));
    const hasCopies = this.memory !== undefined || stores.length > 1;
    const hasOthers = hasCopies && stores.some((store) => store.changes !== undefined);
    this.#lookEveryMs = hasOthers ? LOOK_EVERY_MS : Number.POSITIVE_INFINITY;
  }

  view(namespace: string): NamespacedCache<V> {
    const loader = this.#loaders.getOrMake(namespace, () => new Loader(this, namespace));
    return new NamespacedCache(this, namespace, loader);
  }

  assertOpen(): void {
    if (!this.isClosed) return;
    throw new CacheError('CACHE_CLOSED', 'The cache is closed', {
      hint: 'Create another cache, or close this one later.',
      retryable: false,
    });
  }

  /** On the hit path: a single comparison within the same millisecond. */
  momentOf(now: number): number {
    return now === this.#now ? this.#moment : this.#turnTo(now);
  }

  needsLook(now: number): boolean {
    return now - this.#lookedAt >= this.#lookEveryMs || now < this.#lookedAt;
  }

  /** Counts a lookup that found nothing fresh. */
  countMiss(found: SearchResult<unknown>): void {
    this.misses += 1;
    this.missed[found.status === 'miss' ? found.reason : 'stale'] += 1;
  }

  /** Sets how long hits on a fresh node may skip the full check. Every so often, tells the tiers below that the entry is in use. */
  settle(namespace: string, node: MemoryNode<V>, now: number): void {
    if (now - node.touchedAt >= TOUCH_EVERY_MS || now < node.touchedAt) {
      node.touchedAt = now;
      // Hits in memory never reach these tiers.
      for (const tier of this.tiers) tier.touch(namespace, node.key);
    }
    // If the clock was set back, leave the node unsettled: every hit checks it again.
    if (now < node.createdAt) return;
    node.settledUntil = this.#moments.of(Math.min(node.expiresAt, node.touchedAt + TOUCH_EVERY_MS));
  }

  #turnTo(now: number): number {
    this.#now = now;
    this.#moment = this.#moments.reach(now);
    if (this.needsLook(now)) this.lookForChanges(now);
    return this.#moment;
  }

  /** Drops entries that other processes have changed from memory and from the tiers above the one that reports them. */
  lookForChanges(now: number): void {
    this.#lookedAt = now;
    for (const [index, tier] of this.tiers.entries()) {
      const changes = tier.changes();
      if (changes instanceof Promise)
        this.runInBackground(changes.then((known) => this.#apply(known, index)));
      else this.#apply(changes, index);
    }
  }

  #apply(changes: StoreChanges | undefined, index: number): void {
    if (changes === undefined) return;
    this.#forget(changes);
    const source = this.tiers[index];
    if (index === 0 || source === undefined) return;
    if (!changes.isComplete) {
      this.doubts ??= new Doubts();
      this.doubts.begin(source, this.options.clock.now());
    }
    if (changes.keys.length + changes.clears.length === 0) return;
    const followed = followChanges(changes, source, this.tiers.slice(0, index));
    // Meanwhile a lookup may have copied the old value back into memory.
    this.runInBackground(followed.then(() => this.#forget(changes)));
  }

  #forget(changes: StoreChanges): void {
    const { memory } = this;
    if (memory === undefined) return;
    if (!changes.isComplete) memory.clearAll();
    for (const { namespace, key } of changes.keys) {
      memory.delete(namespace, key);
      this.#loaders.get(namespace)?.supersede(key);
    }
    for (const { namespace, tag } of changes.clears) {
      memory.clear(namespace, tag);
      this.#loaders.get(namespace)?.supersedeAll(tag);
    }
  }

  /** Lets work continue after its caller has returned; `flush` and `close` wait for it. The work handles its own rejections. */
  runInBackground(work: Promise<unknown>): void {
    const settled: Promise<unknown> = work.then(
      () => this.#background.delete(settled),
      () => this.#background.delete(settled),
    );
    this.#background.add(settled);
  }

  async ready(): Promise<void> {
    await Promise.all(this.tiers.map(async (tier) => tier.usable()));
  }

  async flush(): Promise<void> {
    await this.#settleBackground();
    await Promise.all(this.tiers.map((tier) => tier.flush()));
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  stats(): CacheStats {
    const { hits, misses, missed, loads, loadErrors, coalesced, staleServes } = this;
    const tiers = [
      ...(this.memory === undefined ? [] : [this.#memoryStats(this.memory)]),
      ...this.tiers.map((tier) => tier.stats()),
    ];
    return { tiers, hits, misses, missed: { ...missed }, loads, loadErrors, coalesced, staleServes };
  }

  #memoryStats(memory: MemoryStore<V>): TierStats {
    return {
      name: memory.name,
      state: this.isClosed ? 'closed' : 'ready',
      hits: this.memoryHits,
      misses: this.memoryMisses,
      sets: this.memorySets,
      deletes: this.memoryDeletes,
      errors: 0,
      ...memory.stats(),
    };
  }

  async #close(): Promise<void> {
    this.isClosed = true;
    for (const loader of this.#loaders.values()) loader.abandonRenewals();
    await this.#settleBackground();
    // Other processes wait for them, and nothing that is still loading will be stored.
    await Promise.all(Array.from(this.turns, (turn) => turn.end()));
    await Promise.all(this.tiers.map((tier) => tier.close()));
    await this.memory?.close();
  }

  async #settleBackground(): Promise<void> {
    while (this.#background.size > 0) await Promise.all(this.#background);
  }
}
