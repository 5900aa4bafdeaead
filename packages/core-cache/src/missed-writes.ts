import type { Store } from './store.js';

const MAX_KEYS = 100_000;

interface Clear {
  readonly namespace: string;
  readonly tag: string | undefined;
}

/**
 * What a store should have been told and was not, because it failed or was left alone. Its older entries must not come back as
 * if nothing had happened: they are hidden, and deleted before the store gets its next write.
 */
export class MissedWrites {
  readonly #keys: Map<string, Set<string>> = new Map();
  #clears: Clear[] = [];
  #size = 0;

  get isEmpty(): boolean {
    return this.#size === 0 && this.#clears.length === 0;
  }

  add(namespace: string, key: string): void {
    if (this.#hidesAll(namespace)) return;
    const keys = this.#keys.get(namespace) ?? new Set();
    this.#keys.set(namespace, keys);
    if (!keys.has(key)) this.#size += 1;
    keys.add(key);
    // Too many to remember one by one: then the namespaces are given up as a whole.
    if (this.#size > MAX_KEYS) for (const name of [...this.#keys.keys()]) this.addClear(name, undefined);
  }

  /** The store learned something newer about the key after all. */
  remove(namespace: string, key: string): void {
    if (this.#keys.get(namespace)?.delete(key)) this.#size -= 1;
  }

  addClear(namespace: string, tag: string | undefined): void {
    if (this.#hidesAll(namespace)) return;
    if (tag === undefined) {
      this.#size -= this.#keys.get(namespace)?.size ?? 0;
      this.#keys.delete(namespace);
      this.#clears = this.#clears.filter((clear) => clear.namespace !== namespace);
    } else if (this.#clears.some((clear) => clear.namespace === namespace && clear.tag === tag)) {
      return;
    }
    this.#clears.push({ namespace, tag });
  }

  /** Whether an entry that the store still has is out of date. */
  hides(namespace: string, key: string, tags: readonly string[]): boolean {
    if (this.#keys.get(namespace)?.has(key)) return true;
    return this.#clears.some(
      (clear) => clear.namespace === namespace && (clear.tag === undefined || tags.includes(clear.tag)),
    );
  }

  /** Tells the store. What it took is forgotten; rejects where it failed, and keeps the rest. */
  async replay(store: Store<Uint8Array>): Promise<void> {
    for (let clear = this.#clears[0]; clear !== undefined; clear = this.#clears[0]) {
      await store.clear(clear.namespace, clear.tag);
      this.#clears = this.#clears.filter((other) => other !== clear);
    }
    for (const [namespace, keys] of this.#keys) {
      for (const key of keys) {
        await store.delete(namespace, key);
        keys.delete(key);
        this.#size -= 1;
      }
      this.#keys.delete(namespace);
    }
  }

  #hidesAll(namespace: string): boolean {
    return this.#clears.some((clear) => clear.namespace === namespace && clear.tag === undefined);
  }
}
