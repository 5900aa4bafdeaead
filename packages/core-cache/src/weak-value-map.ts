/**
 * A map that releases values nobody else holds. There can be as many namespaces as tenants: each should cost something only as long as it
 * has entries or users.
 */
export class WeakValueMap<V extends object> {
  readonly #references: Map<string, WeakRef<V>> = new Map();
  readonly #registry: FinalizationRegistry<string> = new FinalizationRegistry((key) => {
    // Unless the key has a new value by now.
    if (this.#references.get(key)?.deref() === undefined) this.#references.delete(key);
  });

  get size(): number {
    return this.#references.size;
  }

  get(key: string): V | undefined {
    return this.#references.get(key)?.deref();
  }

  getOrMake(key: string, make: () => V): V {
    const known = this.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#references.set(key, new WeakRef(made));
    this.#registry.register(made, key);
    return made;
  }

  *values(): Iterable<V> {
    for (const reference of this.#references.values()) {
      const value = reference.deref();
      if (value !== undefined) yield value;
    }
  }
}
