import type { GetOrSetOptions } from './cache.js';
import type { CacheCore } from './cache-core.js';
import type { Resolved } from './cache-types.js';
import type { SearchResult } from './searcher.js';
import type { StoreEntry } from './store.js';

type Found<V> = SearchResult<V> & { readonly status: 'hit' | 'stale' };

/** What callers get for what was found, each by its own options. */
export class Answers<V> {
  readonly #core: CacheCore<V>;

  constructor(core: CacheCore<V>) {
    this.#core = core;
  }

  /** Whether the value is stale, but the caller need not wait for its renewal. */
  acceptsStale(found: SearchResult<V>, options: GetOrSetOptions<V>): found is Found<V> {
    const windowMs = options.staleWhileRevalidateMs ?? this.#core.options.staleWhileRevalidateMs;
    return found.status === 'stale' && this.#isWithin(found.entry, windowMs);
  }

  /** A fresh value, or a stale one that the caller accepts. */
  serve(found: SearchResult<V>, options: GetOrSetOptions<V>): Resolved<V> | undefined {
    if (found.status === 'hit') {
      this.#core.hits += 1;
      return this.from(found, 'hit');
    }
    if (!this.acceptsStale(found, options)) return undefined;
    this.#core.staleServes += 1;
    return this.from(found, 'stale');
  }

  /** Instead of the error of a load: a stale value, if the caller accepts it. */
  fallBack(found: SearchResult<V>, options: GetOrSetOptions<V>, error: unknown): Resolved<V> | undefined {
    if (found.status !== 'stale') return undefined;
    const windowMs = options.staleIfErrorMs ?? this.#core.options.staleIfErrorMs;
    if (!this.#isWithin(found.entry, windowMs)) return undefined;
    this.#core.staleServes += 1;
    return { ...this.from(found, 'stale'), error };
  }

  from(found: Found<V>, source: 'hit' | 'stale' | 'coalesced'): Resolved<V> {
    const { createdAt, expiresAt } = found.entry;
    const ageMs = Math.max(0, this.#core.options.clock.now() - createdAt);
    return { value: found.value, source, tier: found.tier, createdAt, expiresAt, ageMs };
  }

  #isWithin(entry: StoreEntry<unknown>, windowMs: number): boolean {
    return this.#core.options.clock.now() < entry.expiresAt + windowMs;
  }
}
