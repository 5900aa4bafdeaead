import type { Cache } from '../cache.js';

export interface KeyvAdapterOptions {
  /**
   * How Keyv hands over lifetimes. `ttl`, the default: as milliseconds from now, which Keyv 5 does, and Keyv 6 by the bridge that it
   * puts before such a store. `expires`: as an epoch in milliseconds, for Keyv 6 alone, without the bridge; then `deleteMany`
   * answers for each key.
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
  /** Keyv's, set by Keyv. Entries lie in the cache's namespace of that name: `cache.namespace`, a colon, this. */
  namespace: string | undefined;
  /** With the contract `expires`, what Keyv 6 knows it by. */
  readonly capabilities: { readonly expires: true } | undefined;
  readonly opts: { readonly dialect: string; readonly url: string };
  get(key: string): Promise<V | undefined>;
  getMany(keys: readonly string[]): Promise<(V | undefined)[]>;
  /** `lifetime` in milliseconds, from now or from the epoch by the contract. Without one the cache's own `ttlMs` holds. */
  set(key: string, value: V, lifetime?: number): Promise<boolean>;
  setMany(entries: readonly KeyvEntry<V>[]): Promise<boolean[]>;
  delete(key: string): Promise<boolean>;
  /** Whether all were there; with the contract `expires`, for each whether it was. */
  deleteMany(keys: readonly string[]): Promise<boolean | boolean[]>;
  has(key: string): Promise<boolean>;
  hasMany(keys: readonly string[]): Promise<boolean[]>;
  /** Forgets the namespace in constant time. */
  clear(): Promise<void>;
  iterator(): AsyncGenerator<[string, V], void>;
  /** Waits until all is written. The cache stays open: it belongs to whoever created it. */
  disconnect(): Promise<void>;
}

/** Lets Keyv 5 and 6 store in a cache. Throws a `RangeError` for a contract that is neither. */
export function createKeyvAdapter<V>(cache: Cache<V>, options: KeyvAdapterOptions = {}): KeyvAdapter<V> {
  const { contract = 'ttl' } = options;
  if (contract !== 'ttl' && contract !== 'expires') {
    throw new RangeError(`contract must be 'ttl' or 'expires', got ${JSON.stringify(contract)}`);
  }
  return new CacheKeyvAdapter(cache, contract);
}

/** The methods are `async` on purpose: Keyv 6 tells stores that answer at once from others by that keyword. */
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

  /** Keyv made an absolute time of `Date.now()`, whatever clock the cache has. What is over already is 0, which removes. */
  #ttlOf(lifetime: number): number {
    return Math.max(0, this.capabilities === undefined ? lifetime : lifetime - Date.now());
  }
}
