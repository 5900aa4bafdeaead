/** A value now or later: the memory tier answers at once and must not pay for a promise. */
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
  /** The load found nothing, and that is remembered: the payload stands for `undefined`. */
  readonly negative: boolean;
  readonly tags: readonly string[];
}

export interface StoreSetOptions {
  /**
   * The store's {@link Store.sequence} from before the value was computed. The write is dropped when the namespace or one
   * of the tags was cleared, or the key was written, since then: an older result never replaces newer facts.
   */
  readonly since?: number;
  /** How long the write may wait for others to be made with it, ms. A store that has nothing to gain by it does without. Default 0. */
  readonly gatherMs?: number;
}

export interface StoreGetOptions {
  /** False for a look that is no sign that the entry is worth keeping: it must not prolong its life. Default true. */
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

/** What others did to a store, for those who keep copies. */
export interface StoreChanges {
  /** To be handed in the next time. */
  readonly cursor: number;
  /** False when too much has happened to tell: every copy may be out of date. */
  readonly isComplete: boolean;
  readonly keys: readonly { readonly namespace: string; readonly key: string }[];
  readonly clears: readonly { readonly namespace: string; readonly tag: string | undefined }[];
}

export interface StoreStats {
  readonly entries: number;
  readonly bytes: number;
  /** `Infinity` when the store does not bound itself. */
  readonly maxBytes: number;
  readonly evictions: number;
  /** How many of these were asked for again soon after; absent where the store cannot tell. */
  readonly returned?: number;
  /** How many of these nobody had read since they came; absent where the store cannot tell. */
  readonly unread?: number;
  /** Entries found damaged and dropped. */
  readonly corrupt: number;
  /** Something an operator should know, such as what was repaired at opening. */
  readonly notice?: string;
}

/**
 * A place for entries. Stores keep and return what they are given, expired or not; the cache judges freshness. They bound
 * themselves, and they may drop any entry at any time, but never return a wrong or damaged one.
 *
 * A failing operation throws or rejects, with a `CacheError` where it can; the cache carries on without the store. What
 * may hang, such as a connection, the store must bound in time: the cache waits as long as the store does. The suite at
 * `@ai-toolkit/core-cache/testing` holds an implementation to this contract.
 */
export interface Store<P> {
  /** `memory`, `disk`, …: names the tier in results and statistics. */
  readonly name: string;
  /** Makes the store usable. Idempotent; after a rejection it may be called again. */
  open(): Promise<void>;
  /** A store that gives up what is used least may take `isUse` into account; one that cannot tell does without. */
  get(namespace: string, key: string, options?: StoreGetOptions): Awaitable<StoreEntry<P> | undefined>;
  /** False when the entry was dropped on purpose: superseded, or too large for the store. Then no older value is left either, unless it is a newer one. */
  set(namespace: string, key: string, entry: StoreEntry<P>, options?: StoreSetOptions): Awaitable<boolean>;
  /** Whether there was something to delete. */
  delete(namespace: string, key: string): Awaitable<boolean>;
  /** Forgets a namespace, or what carries the tag in it, in constant time; the space is given back little by little. */
  clear(namespace: string, tag?: string): Awaitable<void>;
  /** A number that grows with every write and every clear, for {@link StoreSetOptions.since}. */
  sequence(): Awaitable<number>;
  /**
   * Optional, with {@link Store.release}. Makes `owner` the one who loads the key, among all who use the store; false while another is.
   * Asking again prolongs. A lease ends after `ttlMs` at the latest, so a holder that dies holds nobody up for long.
   */
  lease?(namespace: string, key: string, owner: string, ttlMs: number): Awaitable<boolean>;
  release?(namespace: string, key: string, owner: string): Awaitable<void>;
  /** Optional. The entry is in use elsewhere, in the memory of this process say: worth keeping although nobody reads it here. */
  touch?(namespace: string, key: string): void;
  /**
   * Optional, for stores with several users. What others than this one wrote, deleted and cleared since `cursor`, which is
   * a {@link Store.sequence} at first and then the cursor of the last answer.
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
