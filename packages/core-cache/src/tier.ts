import { Breaker } from './breaker.js';
import { CacheError, describeError } from './cache-error.js';
import type { TierState, TierStats } from './cache-types.js';
import { entryCorrupt, tierError } from './channels.js';
import type { Clock } from './clock.js';
import type { Awaitable, Store, StoreChanges, StoreEntry, StoreSetOptions, StoreSummary } from './store.js';
import { TierWrites } from './tier-writes.js';

const FAILURES_TO_PAUSE = 3;

/** The result of a lookup in one tier. */
export type TierAnswer = StoreEntry<Uint8Array> | 'absent' | 'corrupt' | 'unavailable';

/**
 * A store with a failure policy: whatever it does, the cache goes on. Opening, reading and writing fail independently: a full disk can
 * still be read. Whatever keeps failing is paused for a while, then tried again.
 */
export class Tier {
  readonly name: string;
  readonly store: Store<Uint8Array>;
  readonly #opens: Breaker;
  readonly #reads: Breaker;
  readonly #writes: Breaker;
  readonly #writing: TierWrites;
  #life: 'idle' | 'opening' | 'open' | 'closed' = 'idle';
  #opening: Promise<boolean> | undefined;
  #reason: string | undefined;
  #cursor: number | undefined;
  #hits = 0;
  #misses = 0;
  #sets = 0;
  #deletes = 0;
  #errors = 0;

  constructor(store: Store<Uint8Array>, clock: Clock) {
    this.name = store.name;
    this.store = store;
    this.#opens = new Breaker(clock, 1);
    this.#reads = new Breaker(clock, FAILURES_TO_PAUSE);
    this.#writes = new Breaker(clock, FAILURES_TO_PAUSE);
    this.#writing = new TierWrites({
      store,
      breaker: this.#writes,
      usable: () => this.usable(),
      onFailure: (error) => this.#failed(this.#writes, error),
    });
  }

  /** Whether the store is open; a promise while it opens. Never rejects. */
  usable(): Awaitable<boolean> {
    if (this.#life === 'open') return true;
    if (this.#life === 'closed' || this.#opens.isPaused) return false;
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** `isCounted`: false for reads that are not a caller's lookup, such as those made while waiting for another process. */
  get(namespace: string, key: string, isCounted: boolean): Awaitable<TierAnswer> {
    const usable = this.usable();
    if (usable === true) return this.#get(namespace, key, isCounted);
    if (usable === false) return 'unavailable';
    return usable.then((opened) => (opened ? this.#get(namespace, key, isCounted) : 'unavailable'));
  }

  /** Resolves when the entry is written or the failure is recorded. */
  async set(
    namespace: string,
    key: string,
    entry: StoreEntry<Uint8Array>,
    options: StoreSetOptions,
  ): Promise<void> {
    const taken = await this.#writing.set(namespace, key, entry, options);
    if (taken !== undefined) this.#sets += 1;
  }

  async delete(namespace: string, key: string): Promise<boolean> {
    const found = await this.#writing.delete(namespace, key);
    if (found !== undefined) this.#deletes += 1;
    return found ?? false;
  }

  clear(namespace: string, tag: string | undefined): Promise<void> {
    return this.#writing.clear(namespace, tag);
  }

  /** What others have changed since the last call; undefined if the store does not, or cannot, tell. */
  changes(): Awaitable<StoreChanges | undefined> {
    if (this.#life !== 'open' || this.store.changes === undefined || this.#cursor === undefined)
      return undefined;
    try {
      const changes = this.store.changes(this.#cursor);
      if (!(changes instanceof Promise)) return this.#advance(changes);
      return changes.then(
        (known) => this.#advance(known),
        (error: unknown) => this.#failed(this.#reads, error),
      );
    } catch (error) {
      this.#failed(this.#reads, error);
      return undefined;
    }
  }

  touch(namespace: string, key: string): void {
    if (this.#life === 'open') this.store.touch?.(namespace, key);
  }

  get hasLeases(): boolean {
    return this.store.lease !== undefined && this.store.release !== undefined;
  }

  /** Undefined if the store cannot tell; then nobody should wait for it. */
  lease(namespace: string, key: string, owner: string, ttlMs: number): Promise<boolean | undefined> {
    return this.#writing.lease(namespace, key, owner, ttlMs);
  }

  release(namespace: string, key: string, owner: string): Promise<void> {
    return this.#writing.release(namespace, key, owner);
  }

  /** Undefined when the store cannot be asked. */
  async sequence(): Promise<number | undefined> {
    if (!(await this.usable()) || this.#reads.isPaused) return undefined;
    try {
      return await this.store.sequence();
    } catch (error) {
      this.#failed(this.#reads, error);
      return undefined;
    }
  }

  async *entries(namespace: string): AsyncIterable<StoreSummary> {
    if (!(await this.usable())) return;
    try {
      for await (const summary of this.store.entries(namespace)) {
        if (!this.#writing.hides(namespace, summary.key, summary.tags)) yield summary;
      }
    } catch (error) {
      this.#failed(this.#reads, error);
    }
  }

  async flush(): Promise<void> {
    if (this.#life !== 'open') return;
    try {
      await this.#writing.settle();
      await this.store.flush();
    } catch (error) {
      this.#failed(this.#writes, error);
    }
  }

  async close(): Promise<void> {
    this.#life = 'closed';
    try {
      await this.#opening;
      await this.#writing.close();
      await this.store.close();
    } catch (error) {
      this.#errors += 1;
      this.#reason = describeError(error);
    }
  }

  stats(): TierStats {
    const counters = { hits: this.#hits, misses: this.#misses, sets: this.#sets, deletes: this.#deletes };
    const { notice, ...stored } = this.store.stats();
    const reason = this.#reason ?? notice;
    const why = reason === undefined ? {} : { reason };
    return { name: this.name, state: this.#state(), ...why, ...counters, errors: this.#errors, ...stored };
  }

  #state(): TierState {
    if (this.#life === 'open') {
      if (this.store.isConnected === false || this.#isFailing(this.#reads)) return 'unavailable';
      return this.#isFailing(this.#writes) ? 'read-only' : 'ready';
    }
    return this.#life === 'idle' && this.#opens.isBroken ? 'unavailable' : this.#life;
  }

  /** Behind a connection that is up, it is not left open until the next call whether a retry would succeed. */
  #isFailing(breaker: Breaker): boolean {
    return this.store.isConnected === true ? breaker.isPaused : breaker.isBroken;
  }

  #get(namespace: string, key: string, isCounted: boolean): Awaitable<TierAnswer> {
    if (this.#reads.isPaused) return 'unavailable';
    try {
      const found = this.store.get(namespace, key, { isUse: isCounted });
      if (found instanceof Promise) {
        return found.then(
          (entry) => this.#answer(namespace, key, entry, isCounted),
          (error: unknown) => this.#failedGet(namespace, key, error, isCounted),
        );
      }
      return this.#answer(namespace, key, found, isCounted);
    } catch (error) {
      return this.#failedGet(namespace, key, error, isCounted);
    }
  }

  #answer(
    namespace: string,
    key: string,
    entry: StoreEntry<Uint8Array> | undefined,
    isCounted: boolean,
  ): TierAnswer {
    this.#reads.succeeded();
    if (entry === undefined || this.#writing.hides(namespace, key, entry.tags)) {
      if (isCounted) this.#misses += 1;
      return 'absent';
    }
    if (isCounted) this.#hits += 1;
    return entry;
  }

  #failedGet(namespace: string, key: string, error: unknown, isCounted: boolean): TierAnswer {
    if (CacheError.isInstance(error) && error.code === 'CACHE_ENTRY_CORRUPT') {
      if (isCounted) this.#misses += 1;
      if (entryCorrupt.hasSubscribers) entryCorrupt.publish({ tier: this.name, namespace, key });
      return 'corrupt';
    }
    this.#failed(this.#reads, error);
    return 'unavailable';
  }

  async #open(): Promise<boolean> {
    this.#life = 'opening';
    try {
      await this.store.open();
      // Taken before anyone can copy an entry.
      this.#cursor = await this.store.sequence();
      if (this.#isClosed()) return false;
      this.#life = 'open';
      this.#opens.succeeded();
      return true;
    } catch (error) {
      if (!this.#isClosed()) this.#life = 'idle';
      this.#failed(this.#opens, error);
      return false;
    } finally {
      this.#opening = undefined;
    }
  }

  #advance(changes: StoreChanges): StoreChanges {
    this.#cursor = changes.cursor;
    return changes;
  }

  #isClosed(): boolean {
    return this.#life === 'closed';
  }

  #failed(breaker: Breaker, error: unknown): undefined {
    this.#errors += 1;
    this.#reason = describeError(error);
    // A full backlog is no sign that the next call would fail.
    if (!CacheError.isInstance(error) || error.code !== 'CACHE_BACKLOG_FULL') breaker.failed();
    if (tierError.hasSubscribers) tierError.publish({ tier: this.name, state: this.#state(), error });
  }
}
