/** A value or a promise of it: the memory tier answers at once and must not pay for a promise. */
export type Awaitable<T> = T | Promise<T>;

/** What a tier keeps for one key. `P` is the value itself in memory and bytes everywhere else. */
export interface StoreEntry<P> {
  readonly payload: P;
  /** Name of the codec that made the payload. */
  readonly codec: string;
  /** Size of the payload in bytes. */
  readonly size: number;
  /** Epoch in milliseconds. */
  readonly createdAt: number;
  /** Epoch in milliseconds from which the value is no longer fresh; `Infinity` for never. */
  readonly expiresAt: number;
  /** Epoch in milliseconds until which an expired value may still serve as a stale one; at least `expiresAt`. */
  readonly retainUntil: number;
  /** The load found nothing, and that is cached: the payload stands for `undefined`. */
  readonly negative: boolean;
  readonly tags: readonly string[];
}

export interface StoreSetOptions {
  /**
   * The store's {@link Store.sequence} from before the value was computed. The write is dropped if the namespace or one of the tags was
   * cleared, or the key was written, since then: an older result never replaces a newer one.
   */
  readonly since?: number;
  /** How long the write may wait to be batched with others, in milliseconds. Stores that gain nothing by it ignore this. Default 0. */
  readonly gatherMs?: number;
}

export interface StoreGetOptions {
  /** False for a read that does not show that the entry is worth keeping, and so must not prolong its life. Default true. */
  readonly isUse?: boolean;
}

/** One entry without its value. */
export interface StoreSummary {
  readonly namespace: string;
  readonly key: string;
  readonly size: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly retainUntil: number;
  readonly negative: boolean;
  readonly tags: readonly string[];
}

/** What other users did to a store, for those that keep copies. */
export interface StoreChanges {
  /** Pass this to the next call. */
  readonly cursor: number;
  /** False if some changes are missing: every copy may be out of date. */
  readonly isComplete: boolean;
  readonly keys: readonly { readonly namespace: string; readonly key: string }[];
  readonly clears: readonly { readonly namespace: string; readonly tag: string | undefined }[];
}

export interface StoreStats {
  readonly entries: number;
  readonly bytes: number;
  /** `Infinity` if the store sets itself no limit. */
  readonly maxBytes: number;
  readonly evictions: number;
  /** Evicted entries that were requested again soon after; absent if the store cannot tell. */
  readonly returned?: number;
  /** Evicted entries that nobody had read since they were written; absent if the store cannot tell. */
  readonly unread?: number;
  /** Entries found damaged and dropped. */
  readonly corrupt: number;
  /** Something an operator should know, such as what was repaired at opening. */
  readonly notice?: string;
}

/**
 * A place for entries. Stores keep and return what they are given, expired or not; the cache judges freshness. They enforce their own
 * limits, and they may drop any entry at any time, but must never return a wrong or damaged one.
 *
 * A failing operation throws or rejects, with a `CacheError` if possible; the cache carries on without the store. The store must put a time
 * limit on anything that may hang, such as a connection: the cache waits as long as the store does. The suite at
 * `@ai-toolkit/core-cache/testing` checks an implementation against this contract.
 */
export interface Store<P> {
  /** `memory`, `disk`, …: names the tier in results and statistics. */
  readonly name: string;
  /** Optional, for stores behind a connection: whether there is one now. Asked for statistics only. */
  readonly isConnected?: boolean;
  /** Makes the store usable. Idempotent; after a rejection it may be called again. */
  open(): Promise<void>;
  /** A store that evicts the least used entries may take `isUse` into account; other stores ignore it. */
  get(namespace: string, key: string, options?: StoreGetOptions): Awaitable<StoreEntry<P> | undefined>;
  /**
   * False if the entry was dropped on purpose: superseded, or too large for the store. Then no older value is left either, at most a newer
   * one.
   */
  set(namespace: string, key: string, entry: StoreEntry<P>, options?: StoreSetOptions): Awaitable<boolean>;
  /** Returns whether there was something to delete. */
  delete(namespace: string, key: string): Awaitable<boolean>;
  /** Clears a namespace, or what carries the tag in it, in constant time; the space is reclaimed little by little. */
  clear(namespace: string, tag?: string): Awaitable<void>;
  /** A number that grows with every write and every clear, for {@link StoreSetOptions.since}. */
  sequence(): Awaitable<number>;
  /**
   * Optional, with {@link Store.release}. Makes `owner` the one that loads the key, among all users of the store; false while another owner
   * holds the lease. Asking again prolongs it. A lease ends after `ttlMs` at the latest, so a dead holder does not hold others up for long.
   */
  lease?(namespace: string, key: string, owner: string, ttlMs: number): Awaitable<boolean>;
  release?(namespace: string, key: string, owner: string): Awaitable<void>;
  /** Optional. The entry is in use elsewhere, for example in the memory of this process: worth keeping although nobody reads it here. */
  touch?(namespace: string, key: string): void;
  /**
   * Optional, for stores with several users. What users other than this one wrote, deleted and cleared since `cursor`, which is a {@link
   * Store.sequence} at first and then the cursor of the last answer.
   */
  changes?(cursor: number): Awaitable<StoreChanges>;
  /** Entries of one namespace, expired ones included, in no particular order. */
  entries(namespace: string): AsyncIterable<StoreSummary>;
  stats(): StoreStats;
  /** Resolves when everything written so far will survive a crash of the machine. */
  flush(): Promise<void>;
  /** Idempotent. Waits for pending writes. */
  close(): Promise<void>;
}
