import type { Breaker } from './breaker.js';
import { MissedWrites } from './missed-writes.js';
import type { Awaitable, Store, StoreEntry } from './store.js';

export interface TierWritesOptions {
  readonly store: Store<Uint8Array>;
  readonly breaker: Breaker;
  /** Whether the store is open. */
  readonly usable: () => Awaitable<boolean>;
  readonly onFailure: (error: unknown) => void;
}

/** The writing side of a tier. What the store does not take is remembered and hidden, so that nothing old comes back. */
export class TierWrites {
  readonly #options: TierWritesOptions;
  readonly #missed: MissedWrites = new MissedWrites();
  #replaying: Promise<void> | undefined;

  constructor(options: TierWritesOptions) {
    this.#options = options;
  }

  /** Whether the store's entry is out of date, because it was not told of something. */
  hides(namespace: string, key: string, tags: readonly string[]): boolean {
    return !this.#missed.isEmpty && this.#missed.hides(namespace, key, tags);
  }

  /** Whether the store has taken it. */
  async set(
    namespace: string,
    key: string,
    entry: StoreEntry<Uint8Array>,
    since: number | undefined,
  ): Promise<boolean> {
    const { store } = this.#options;
    const options = since === undefined ? undefined : { since };
    const done = await this.attempt(async () => store.set(namespace, key, entry, options));
    this.#takeNote(namespace, key, done !== undefined);
    return done !== undefined;
  }

  /** Undefined when the store did not take it. */
  async delete(namespace: string, key: string): Promise<boolean | undefined> {
    const found = await this.attempt(async () => this.#options.store.delete(namespace, key));
    this.#takeNote(namespace, key, found !== undefined);
    return found;
  }

  async clear(namespace: string, tag: string | undefined): Promise<void> {
    const done = await this.attempt(async () => {
      await this.#options.store.clear(namespace, tag);
      return true;
    });
    if (done === undefined) this.#missed.addClear(namespace, tag);
  }

  /** Runs something that writes to the store; undefined when the store is not asked, or fails. Never rejects. */
  async attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
    const { usable, breaker, onFailure } = this.#options;
    if (!(await usable()) || breaker.isPaused) return undefined;
    try {
      if (!this.#missed.isEmpty) await this.#replay();
      const result = await action();
      breaker.succeeded();
      return result;
    } catch (error) {
      onFailure(error);
      return undefined;
    }
  }

  #takeNote(namespace: string, key: string, written: boolean): void {
    if (!written) this.#missed.add(namespace, key);
    else if (!this.#missed.isEmpty) this.#missed.remove(namespace, key);
  }

  async #replay(): Promise<void> {
    this.#replaying ??= this.#missed.replay(this.#options.store).finally(() => {
      this.#replaying = undefined;
    });
    await this.#replaying;
  }
}
