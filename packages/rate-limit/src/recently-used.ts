import { checkNumber } from './check.js';

/** A map of bounded size: beyond it, the value unused for longest is forgotten. */
export class RecentlyUsed<V> {
  readonly #maxKeys: number;
  /** Ordered by use: the last is the last used, so the first is the one to forget. */
  readonly #values: Map<string, V> = new Map();
  #newest: string | undefined;

  /** @throws RangeError for a bound below 1. */
  constructor(maxKeys: number) {
    checkNumber('maxKeys', maxKeys);
    if (!(maxKeys >= 1)) throw new RangeError(`maxKeys must be 1 or more, got ${maxKeys}`);
    this.#maxKeys = maxKeys;
  }

  getOrMake(key: string, make: () => V): V {
    const known = this.#values.get(key);
    // Moving the newest key to where it already is would leave a hole in the map each time.
    if (known !== undefined && key === this.#newest) return known;
    if (known !== undefined) this.#values.delete(key);
    const value = known ?? make();
    this.#values.set(key, value);
    this.#newest = key;
    if (this.#values.size > this.#maxKeys) {
      const [oldest] = this.#values.keys();
      if (oldest !== undefined) this.#values.delete(oldest);
    }
    return value;
  }

  entries(): Iterable<[string, V]> {
    return this.#values;
  }
}
