import type { CacheStats, EntrySummary, Lookup, Resolved } from './cache-types.js';

export interface GetOptions {
  /** Rejects the call with the signal's reason; the lookup itself may continue for others. */
  readonly signal?: AbortSignal;
}

export interface SetOptions {
  /** Lifetime in milliseconds: 0 stores nothing (and removes an existing entry), `Infinity` never expires. Default: the cache's. */
  readonly ttlMs?: number;
  /** When the value ends to be of use, epoch ms: its lifetime ends then at the latest, and 0 or a past time stores nothing. Default: never. */
  readonly expiresAt?: number;
  /** Names under which `clear({ tag })` finds the entry. */
  readonly tags?: readonly string[];
  /**
   * How long past its lifetime the value is kept, in milliseconds, to be served while it is renewed. How much of that time a `getOrSet`
   * uses depends on its own option of this name. Default of both: the cache's.
   */
  readonly staleWhileRevalidateMs?: number;
  /** The same for serving the value when the load fails. */
  readonly staleIfErrorMs?: number;
  /**
   * How long the disk tier may delay the write, in milliseconds, to batch it with others in one transaction. Readers in this process see it
   * at once, but it is lost if the process is killed first. Default 0: it is written in the next turn of the event loop.
   */
  readonly gatherMs?: number;
}

export interface GetOrSetOptions<V> extends Omit<SetOptions, 'ttlMs' | 'expiresAt' | 'gatherMs'> {
  /** As in {@link SetOptions}, or a function of the value. 0 returns the value without storing it, and removes an existing entry. */
  readonly ttlMs?: number | ((value: V) => number);
  /**
   * How long a load that finds nothing (`undefined`) is remembered, in milliseconds. Default 0: an existing entry is removed, and the next
   * call loads again.
   */
  readonly negativeTtlMs?: number;
  /** Rejects only this call; the load continues for other callers that wait for it. */
  readonly signal?: AbortSignal;
  /** Loads and replaces the value even if there is a fresh entry. A load in progress is still shared. Default false. */
  readonly refresh?: boolean;
}

export interface LoadContext {
  /** Aborts when nobody is waiting for the value any more, or when the cache closes during a background renewal. */
  readonly signal: AbortSignal;
}

export type Load<V> = (context: LoadContext) => Promise<V> | V;

export interface ClearOptions {
  /** Only entries with this tag. Default: the whole namespace. */
  readonly tag?: string;
}

export interface EntriesOptions {
  /** Maximum number of entries. Default: all. */
  readonly limit?: number;
  /** Include expired entries that are still kept as stale. Default false. */
  readonly includeStale?: boolean;
}

export interface ClaimOptions {
  /** Longest wait in milliseconds; after that the claim is granted even though another process holds one. Default: no limit. */
  readonly waitMs?: number;
  /** Ends the wait by rejecting with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The right to produce a value, or the value that another process has produced in the meantime. */
export interface Claim<V> extends AsyncDisposable {
  /** A `hit` or a `negative` if there is nothing left to produce. */
  readonly found?: Lookup<V>;
  /** Call this once the value is set, or will not be. Idempotent; never rejects. */
  end(): Promise<void>;
}

/**
 * A cache of one namespace. It can be used at once: tiers open on first use, and a failing tier never fails the caller. After `close` every
 * method except `stats` and `close` rejects with `CACHE_CLOSED`.
 *
 * The memory tier returns the stored objects themselves: treat values as read-only.
 */
export interface Cache<V> extends AsyncDisposable {
  readonly namespace: string;
  /** The fresh value, or undefined. */
  get(key: string, options?: GetOptions): Promise<V | undefined>;
  /** Like `get`, but also says why. An expired value that is still kept is returned as `stale`. */
  lookup(key: string, options?: GetOptions): Promise<Lookup<V>>;
  /**
   * The synchronous part of a lookup: a fresh entry in memory and, if memory is the only tier, whatever else `lookup` would return.
   * `undefined` means that other tiers must be asked. Counts as a lookup unless it returns `undefined`.
   */
  peek(key: string): Lookup<V> | undefined;
  /**
   * What `lookup` would return, without leaving a trace, for diagnostics: it changes no counter, and neither promotes an entry nor
   * extends its life. (A shared Redis that evicts by use may count the read.)
   */
  inspect(key: string, options?: GetOptions): Promise<Lookup<V>>;
  /** Resolves when every working tier has the value. Rejects with a `TypeError` if the codec cannot encode it. */
  set(key: string, value: V, options?: SetOptions): Promise<void>;
  /** The fresh value, or the result of `load`, which is stored. Concurrent callers share one load. */
  getOrSet(key: string, load: Load<V>, options?: GetOrSetOptions<V>): Promise<V>;
  /** Like `getOrSet`, but also says why. */
  resolve(key: string, load: Load<V>, options?: GetOrSetOptions<V>): Promise<Resolved<V>>;
  /**
   * For callers that produce values themselves, for example as a stream, and then call `set`: waits until no other process that shares a
   * tier is producing the value, or until the value is there. `end` hands the key to the next waiter. Without a shared tier, or while it is
   * failing, the claim is granted at once. A holder that dies delays others by at most ten seconds.
   */
  claim(key: string, options?: ClaimOptions): Promise<Claim<V>>;
  /** Returns whether any tier had the entry. The result of a load in progress for the key is not stored. */
  delete(key: string): Promise<boolean>;
  /** Clears the namespace, or everything with the tag, from all tiers in constant time. */
  clear(options?: ClearOptions): Promise<void>;
  /** Entries of this namespace, without their values. */
  entries(options?: EntriesOptions): AsyncIterable<EntrySummary>;
  /** Counters since creation, for all namespaces together. */
  stats(): CacheStats;
  /** Another namespace on the same tiers. Closing one closes all. */
  withNamespace(namespace: string): Cache<V>;
  /** Opens the tiers now rather than on first use. Resolves when each is ready or has failed; `stats` says which. */
  ready(): Promise<void>;
  /** Resolves when everything written so far would survive a crash of the machine. */
  flush(): Promise<void>;
  /** Waits for pending writes, ends background work, closes the tiers. Idempotent. */
  close(): Promise<void>;
}
