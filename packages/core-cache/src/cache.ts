import type { CacheStats, EntrySummary, Lookup, Resolved } from './cache-types.js';

export interface GetOptions {
  /** Rejects the call with the signal's reason; the lookup itself may go on for others. */
  readonly signal?: AbortSignal;
}

export interface SetOptions {
  /** Lifetime in milliseconds: 0 stores nothing (and removes what was there), `Infinity` never expires. Default: the cache's. */
  readonly ttlMs?: number;
  /** Names under which `clear({ tag })` finds the entry. */
  readonly tags?: readonly string[];
  /**
   * Milliseconds past the lifetime for which the value is kept to be served while it is renewed. How much of that a `getOrSet` takes is
   * said by its own option. Default: the cache's, both times.
   */
  readonly staleWhileRevalidateMs?: number;
  /** The same for a value that is served when the load fails. */
  readonly staleIfErrorMs?: number;
  /**
   * Milliseconds for which the disk tier may let the write wait for others, so that one transaction does for all of them. Meanwhile it
   * is read as if it were written, and lost when the process is killed. Default 0: it is written in the next turn of the event loop.
   */
  readonly gatherMs?: number;
}

export interface GetOrSetOptions<V> extends Omit<SetOptions, 'ttlMs' | 'gatherMs'> {
  /** As in {@link SetOptions}; a function decides by the value. 0 hands the value out without storing it. */
  readonly ttlMs?: number | ((value: V) => number);
  /**
   * Milliseconds for which a load that finds nothing (`undefined`) is remembered. Default 0: the next call asks again.
   */
  readonly negativeTtlMs?: number;
  /** Frees this caller; others who wait for the same load go on. */
  readonly signal?: AbortSignal;
  /** Load even if there is a fresh entry, and replace it. A load under way is shared all the same. Default false. */
  readonly refresh?: boolean;
}

export interface LoadContext {
  /** Aborts when nobody waits for the value any more, or when the cache closes during a background renewal. */
  readonly signal: AbortSignal;
}

export type Load<V> = (context: LoadContext) => Promise<V> | V;

export interface ClearOptions {
  /** Only entries with this tag. Default: the whole namespace. */
  readonly tag?: string;
}

export interface EntriesOptions {
  /** Most entries yielded. Default: all. */
  readonly limit?: number;
  /** Also those that are past their lifetime but kept as stale. Default false. */
  readonly includeStale?: boolean;
}

export interface ClaimOptions {
  /** Longest wait, ms; then the claim is granted beside that of the other process. Default: no such bound. */
  readonly waitMs?: number;
  /** Ends the wait; its reason is thrown as it is. */
  readonly signal?: AbortSignal;
}

/** The right to make a value, or the value that another process has made meanwhile. */
export interface Claim<V> extends AsyncDisposable {
  /** A `hit`, or a `negative`: there is nothing to make any more. */
  readonly found?: Lookup<V>;
  /** To be called when the value is set, or will not be. Idempotent; never rejects. */
  end(): Promise<void>;
}

/**
 * A cache of one namespace. Every method may be called at once, tiers open by themselves; a tier that fails never fails the
 * caller. After `close` every method but `stats` and `close` rejects with `CACHE_CLOSED`.
 *
 * Values handed out by the memory tier are the stored objects themselves: treat them as read-only.
 */
export interface Cache<V> extends AsyncDisposable {
  readonly namespace: string;
  /** The fresh value, or undefined. */
  get(key: string, options?: GetOptions): Promise<V | undefined>;
  /** Like `get`, and tells why. A value past its lifetime that is still kept comes as `stale`. */
  lookup(key: string, options?: GetOptions): Promise<Lookup<V>>;
  /**
   * What can be said at once: a fresh entry in memory and, where memory is the only tier, whatever else `lookup` would say.
   * `undefined`: ask the other tiers. Counted as a lookup when it says something.
   */
  peek(key: string): Lookup<V> | undefined;
  /**
   * What `lookup` would answer, for who looks at the cache and does not use it, such as a diagnosis: no counter moves, no tier gets
   * a copy, and no entry is kept longer for it. (A shared Redis that evicts by use may take the read for one.)
   */
  inspect(key: string, options?: GetOptions): Promise<Lookup<V>>;
  /** Resolves when every tier that works has the value. Rejects with a `TypeError` for a value that the codec cannot encode. */
  set(key: string, value: V, options?: SetOptions): Promise<void>;
  /** The fresh value, or what `load` makes, which is stored. Callers who ask at the same time share one load. */
  getOrSet(key: string, load: Load<V>, options?: GetOrSetOptions<V>): Promise<V>;
  /** `getOrSet`, and tells why. */
  resolve(key: string, load: Load<V>, options?: GetOrSetOptions<V>): Promise<Resolved<V>>;
  /**
   * For who makes values in a way of their own, a stream say, and calls `set`: waits until no other process that shares a tier is
   * making the value, or until it is there. `end` lets the next one have the key. Without a tier that processes share, and while
   * that tier fails, the claim is granted at once. A holder that dies holds the others up for ten seconds at most.
   */
  claim(key: string, options?: ClaimOptions): Promise<Claim<V>>;
  /** Whether any tier had it. A load under way for the key is not stored. */
  delete(key: string): Promise<boolean>;
  /** Forgets the namespace, or what carries the tag, in constant time, in all tiers. */
  clear(options?: ClearOptions): Promise<void>;
  /** Entries of this namespace, values not loaded. */
  entries(options?: EntriesOptions): AsyncIterable<EntrySummary>;
  /** Counters since creation, of all namespaces together. */
  stats(): CacheStats;
  /** Another namespace on the same tiers. Closing one closes all. */
  withNamespace(namespace: string): Cache<V>;
  /** Opens the tiers now rather than at first use. Resolves when each is ready or has failed; `stats` tells. */
  ready(): Promise<void>;
  /** Resolves when all that was written so far will survive a crash of the machine. */
  flush(): Promise<void>;
  /** Waits for pending writes, ends background work, closes the tiers. Idempotent. */
  close(): Promise<void>;
}
