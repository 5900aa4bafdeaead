import type { Cache } from '../cache.js';

export interface KeyvAdapterOptions {
  /**
   * How Keyv passes lifetimes. `ttl`, the default: in milliseconds from now, as Keyv 5 does, and Keyv 6 through the bridge that it puts in
   * front of such a store. `expires`: as an epoch in milliseconds, for Keyv 6 only, without the bridge; `deleteMany` then returns a result
   * per key.
   */
  readonly contract?: 'ttl' | 'expires';
}

/** One entry of `setMany`: `ttl` or `expires` according to {@link KeyvAdapterOptions.contract}. */
interface KeyvEntry<V> {
  readonly key: string;
  readonly value: V;
  readonly ttl?: number | undefined;
  readonly expires?: number | undefined;
}

/** A cache as a storage adapter for `new Keyv({ store })`. One adapter serves one Keyv, since Keyv gives it its namespace. */
export interface KeyvAdapter<V> {
  /** Set by Keyv. Entries go to the cache's namespace `${cache.namespace}:${namespace}`. */
  namespace: string | undefined;
  /** Present with the contract `expires`; Keyv 6 recognizes it by this. */
  readonly capabilities: { readonly expires: true } | undefined;
  readonly opts: { readonly dialect: string; readonly url: string };
  get(key: string): Promise<V | undefined>;
  getMany(keys: readonly string[]): Promise<(V | undefined)[]>;
  /** `lifetime` in milliseconds, from now or since the epoch, depending on the contract. Default: the cache's own `ttlMs`. */
  set(key: string, value: V, lifetime?: number): Promise<boolean>;
  setMany(entries: readonly KeyvEntry<V>[]): Promise<boolean[]>;
  delete(key: string): Promise<boolean>;
  /** Whether all of them existed; with the contract `expires`, whether each of them did. */
  deleteMany(keys: readonly string[]): Promise<boolean | boolean[]>;
  has(key: string): Promise<boolean>;
  hasMany(keys: readonly string[]): Promise<boolean[]>;
  /** Clears the namespace in constant time. */
  clear(): Promise<void>;
  iterator(): AsyncGenerator<[string, V], void>;
  /** Waits until everything is written. The cache stays open: it belongs to whoever created it. */
  disconnect(): Promise<void>;
}

/** Lets Keyv 5 and 6 store in a cache. Throws a `RangeError` for an unknown contract. */
export function createKeyvAdapter<V>(cache: Cache<V>, options: KeyvAdapterOptions = {}): KeyvAdapter<V> {
  const { contract = 'ttl' } = options;
  if (contract !== 'ttl' && contract !== 'expires') {
    throw new RangeError(`contract must be 'ttl' or 'expires', got ${JSON.stringify(contract)}`);
  }
  return new CacheKeyvAdapter(cache, contract);
}

/** The methods are `async` on purpose: Keyv 6 tells asynchronous stores from synchronous ones by that keyword. */
class CacheKeyvAdapter<V> implements KeyvAdapter<V> {
  /** Keyv 5 iterates only over stores whose dialect is on its list, and reads `url` where it is not. */
  readonly opts: { readonly dialect: string; readonly url: string } = { dialect: 'redis', url: '' };
  readonly capabilities: { readonly expires: true } | undefined;
  readonly #cache: Cache<V>;
  #view: Cache<V>;
  #namespace: string | undefined;

  constructor(cache: Cache<V>, contract: 'ttl' | 'expires') {
    this.#cache = cache;
    this.#view = cache;
    this.capabilities = contract === 'expires' ? { expires: true } : undefined;
  }

  get namespace(): string | undefined {
    return this.#namespace;
  }

  set namespace(namespace: string | undefined) {
    const isNone = namespace === undefined || namespace === '';
    this.#view = isNone ? this.#cache : this.#cache.withNamespace(`${this.#cache.namespace}:${namespace}`);
    this.#namespace = namespace;
  }

  async get(key: string): Promise<V | undefined> {
    return this.#view.get(key);
  }

  async getMany(keys: readonly string[]): Promise<(V | undefined)[]> {
    return Promise.all(keys.map((key) => this.#view.get(key)));
  }

  async set(key: string, value: V, lifetime?: number): Promise<boolean> {
    await this.#view.set(key, value, lifetime === undefined ? {} : { ttlMs: this.#ttlOf(lifetime) });
    return true;
  }

  async setMany(entries: readonly KeyvEntry<V>[]): Promise<boolean[]> {
    const set = ({ key, value, ttl, expires }: KeyvEntry<V>): Promise<boolean> =>
      this.set(key, value, this.capabilities === undefined ? ttl : expires);
    return Promise.all(entries.map(set));
  }

  async delete(key: string): Promise<boolean> {
    return this.#view.delete(key);
  }

  async deleteMany(keys: readonly string[]): Promise<boolean | boolean[]> {
    const results = await Promise.all(keys.map((key) => this.#view.delete(key)));
    return this.capabilities === undefined ? results.every(Boolean) : results;
  }

  async has(key: string): Promise<boolean> {
    return (await this.#view.get(key)) !== undefined;
  }

  async hasMany(keys: readonly string[]): Promise<boolean[]> {
    return Promise.all(keys.map((key) => this.has(key)));
  }

  async clear(): Promise<void> {
    await this.#view.clear();
  }

  async *iterator(): AsyncGenerator<[string, V], void> {
    const view = this.#view;
    for await (const { key } of view.entries()) {
      const value = await view.get(key);
      if (value !== undefined) yield [key, value];
    }
  }

  async disconnect(): Promise<void> {
    await this.#cache.flush();
  }

  /**
   * Keyv computes absolute times with `Date.now()`, whatever clock the cache uses. A lifetime that is already over becomes 0, which removes
   * the entry.
   */
  #ttlOf(lifetime: number): number {
    return Math.max(0, this.capabilities === undefined ? lifetime : lifetime - Date.now());
  }
}
