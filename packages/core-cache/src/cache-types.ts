/** Why there is no value. */
export type MissReason =
  /** No tier has the key, or it was cleared. */
  | 'absent'
  /** It was there, but has expired. */
  | 'expired'
  /** It was there, but damaged, or written with another codec. */
  | 'corrupt'
  /** A tier that might have it could not be asked. */
  | 'unavailable';

export interface Found<V> {
  readonly value: V;
  /** `memory`, `disk`, …: where it was found. */
  readonly tier: string;
  /** Epoch in milliseconds. */
  readonly createdAt: number;
  /** Epoch in milliseconds; `Infinity` for never. */
  readonly expiresAt: number;
  /** Milliseconds since the value was created, never negative. */
  readonly ageMs: number;
}

/** What a lookup found. `negative`: the cached answer is that there is no value. */
export type Lookup<V> =
  | ({ readonly status: 'hit' | 'stale' } & Found<V>)
  | ({ readonly status: 'negative' } & Omit<Found<V>, 'value'>)
  | { readonly status: 'miss'; readonly reason: MissReason };

/** The result of `resolve`: the value and where it came from. */
export interface Resolved<V> {
  readonly value: V;
  /**
   * `hit`: fresh from a tier. `stale`: expired, but allowed by `staleWhileRevalidateMs` or, with `error`, by `staleIfErrorMs`.
   * `loaded`: this call's load. `coalesced`: another caller's load that was already in progress.
   */
  readonly source: 'hit' | 'stale' | 'loaded' | 'coalesced';
  /** For a hit or a stale value. */
  readonly tier?: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly ageMs: number;
  /** Why a load was needed. */
  readonly missReason?: MissReason;
  /** The error of the load that the stale value replaces. */
  readonly error?: unknown;
}

/** One entry, without its value. */
export interface EntrySummary {
  readonly namespace: string;
  readonly key: string;
  /** Bytes of the value, as stored. */
  readonly size: number;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly negative: boolean;
  readonly tags: readonly string[];
  /** `memory`, if it is there, and the first tier below that has it: those below that one are not searched for it. */
  readonly tiers: readonly string[];
}

/**
 * `idle`: not used yet. `read-only`: writes fail and are skipped for now. `unavailable`: the tier could not be opened or read; it is
 * retried from time to time.
 */
export type TierState = 'idle' | 'opening' | 'ready' | 'read-only' | 'unavailable' | 'closed';

export interface TierStats {
  readonly name: string;
  readonly state: TierState;
  /** The last failure, or what was repaired when it opened. */
  readonly reason?: string;
  readonly hits: number;
  readonly misses: number;
  readonly sets: number;
  readonly deletes: number;
  /** Operations that failed in this tier. The cache continued without it. */
  readonly errors: number;
  readonly evictions: number;
  /** Evicted entries that were requested again soon after: more space would have kept them. Absent if the tier does not know. */
  readonly returned?: number;
  /** Evicted entries that were never read. Absent if the tier does not know. */
  readonly unread?: number;
  readonly corrupt: number;
  readonly entries: number;
  readonly bytes: number;
  readonly maxBytes: number;
}

/** Misses by reason. `stale`: only an expired entry was found, still kept in case a load fails. */
export type MissCounts = Readonly<Record<MissReason | 'stale', number>>;

export interface CacheStats {
  /** In lookup order. */
  readonly tiers: readonly TierStats[];
  /** Lookups answered by a fresh entry of any tier. */
  readonly hits: number;
  readonly misses: number;
  /** The `misses`, by reason. */
  readonly missed: MissCounts;
  /** Loads begun. */
  readonly loads: number;
  readonly loadErrors: number;
  /** Calls that shared another caller's load. */
  readonly coalesced: number;
  /** Stale values served while being renewed, or instead of an error. */
  readonly staleServes: number;
}
