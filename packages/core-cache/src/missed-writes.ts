import type { Store } from './store.js';

const MAX_KEYS = 100_000;
/** Concurrent deletions: enough to be done soon, few enough for other work to get its turn. */
const DELETED_AT_ONCE = 64;

interface Clear {
  readonly namespace: string;
  readonly tag: string | undefined;
}

/**
 * Writes and clears that a store missed because it failed or was paused. Its outdated entries must not come back as if nothing had
 * happened: they are hidden, and deleted once the store takes writes again.
 */
export class MissedWrites {
  /** By namespace: the keys, and when each was missed, in the order of `now`. */
  readonly #keys: Map<string, Map<string, number>> = new Map();
  #moments = 0;
  #clears: Clear[] = [];
  #size = 0;
  /** Keys that are being written: a deletion could overtake the write. */
  readonly #beingWritten: Map<string, number> = new Map();

  get isEmpty(): boolean {
    return this.#size === 0 && this.#clears.length === 0;
  }

  get hasClears(): boolean {
    return this.#clears.length > 0;
  }

  add(namespace: string, key: string): void {
    if (this.#hidesAll(namespace)) return;
    const keys = this.#keys.get(namespace) ?? new Map<string, number>();
    this.#keys.set(namespace, keys);
    if (!keys.has(key)) this.#size += 1;
    keys.set(key, this.now());
    // Too many to remember one by one: clear their namespaces as a whole.
    if (this.#size > MAX_KEYS) for (const name of [...this.#keys.keys()]) this.addClear(name, undefined);
  }

  /** A moment, for `remove`. Each is later than those before. */
  now(): number {
    this.#moments += 1;
    return this.#moments;
  }

  /** Call when the store has received a write for the key that began at `begun`: only one that began after the miss is newer. */
  remove(namespace: string, key: string, begun: number): void {
    const keys = this.#keys.get(namespace);
    const missedAt = keys?.get(key);
    if (keys === undefined || missedAt === undefined || missedAt > begun) return;
    keys.delete(key);
    this.#size -= 1;
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

  /** Leaves a key to the write that begins now, until the returned function is called. */
  beginWrite(namespace: string, key: string): () => void {
    const name = nameOf(namespace, key);
    this.#beingWritten.set(name, (this.#beingWritten.get(name) ?? 0) + 1);
    return () => {
      const left = (this.#beingWritten.get(name) ?? 1) - 1;
      if (left === 0) this.#beingWritten.delete(name);
      else this.#beingWritten.set(name, left);
    };
  }

  /** Replays clears, which must reach the store before any newer entry. Those that succeed are forgotten; rejects if one fails. */
  async replayClears(store: Store<Uint8Array>): Promise<void> {
    for (let clear = this.#clears[0]; clear !== undefined; clear = this.#clears[0]) {
      await store.clear(clear.namespace, clear.tag);
      this.#clears = this.#clears.filter((other) => other !== clear);
    }
  }

  /** Deletes outdated keys for as long as `mayGoOn` allows. Those deleted are forgotten; rejects if one fails. */
  async replayKeys(store: Store<Uint8Array>, mayGoOn: () => boolean): Promise<void> {
    for (const [namespace, keys] of this.#keys) {
      const all = [...keys.keys()];
      for (let start = 0; start < all.length && mayGoOn(); start += DELETED_AT_ONCE) {
        const some = all.slice(start, start + DELETED_AT_ONCE);
        await Promise.all(some.map((key) => this.#replayKey(store, namespace, key)));
      }
      if (keys.size === 0) this.#keys.delete(namespace);
    }
  }

  async #replayKey(store: Store<Uint8Array>, namespace: string, key: string): Promise<void> {
    const isWanted = this.#keys.get(namespace)?.has(key) ?? false;
    if (!isWanted || this.#beingWritten.has(nameOf(namespace, key))) return;
    const begun = this.now();
    await store.delete(namespace, key);
    this.remove(namespace, key, begun);
  }

  #hidesAll(namespace: string): boolean {
    return this.#clears.some((clear) => clear.namespace === namespace && clear.tag === undefined);
  }
}

function nameOf(namespace: string, key: string): string {
  return `${namespace.length}:${namespace}:${key}`;
}
