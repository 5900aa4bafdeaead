import type { Breaker } from './breaker.js';
import { MissedWrites } from './missed-writes.js';
import type { Awaitable, Store, StoreEntry, StoreSetOptions } from './store.js';

export interface TierWritesOptions {
  readonly store: Store<Uint8Array>;
  readonly breaker: Breaker;
  /** Whether the store is open. */
  readonly usable: () => Awaitable<boolean>;
  readonly onFailure: (error: unknown) => void;
}

interface Lease {
  readonly namespace: string;
  readonly key: string;
  readonly owner: string;
}

/** Leases expire by themselves: forgetting one costs some waiting, no more. */
const MAX_UNRELEASED = 10_000;

/** The write side of a tier. What the store does not take is remembered and hidden, so that nothing old comes back. */
export class TierWrites {
  readonly #options: TierWritesOptions;
  readonly #missed: MissedWrites = new MissedWrites();
  /** Leases that the store still counts as ours: others would wait for them. */
  #unreleased: Lease[] = [];
  #catchingUp: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: TierWritesOptions) {
    this.#options = options;
  }

  /** Whether the store's entry is out of date because the store has missed something. */
  hides(namespace: string, key: string, tags: readonly string[]): boolean {
    return !this.#missed.isEmpty && this.#missed.hides(namespace, key, tags);
  }

  /** Undefined when the store did not take it. */
  set(
    namespace: string,
    key: string,
    entry: StoreEntry<Uint8Array>,
    options: StoreSetOptions,
  ): Promise<boolean | undefined> {
    return this.#write(namespace, key, () => this.#options.store.set(namespace, key, entry, options));
  }

  /** Undefined when the store did not take it. */
  delete(namespace: string, key: string): Promise<boolean | undefined> {
    return this.#write(namespace, key, () => this.#options.store.delete(namespace, key));
  }

  async clear(namespace: string, tag: string | undefined): Promise<void> {
    const done = await this.#attempt(
      this.#afterClears(async () => {
        await this.#options.store.clear(namespace, tag);
        return true;
      }),
    );
    if (done === undefined) this.#missed.addClear(namespace, tag);
  }

  /** Undefined when the store cannot tell. */
  lease(namespace: string, key: string, owner: string, ttlMs: number): Promise<boolean | undefined> {
    const { store } = this.#options;
    return this.#attempt(() => store.lease?.(namespace, key, owner, ttlMs) ?? true);
  }

  async release(namespace: string, key: string, owner: string): Promise<void> {
    const done = await this.#attempt(async () => {
      await this.#options.store.release?.(namespace, key, owner);
      return true;
    });
    if (done !== undefined) return;
    this.#unreleased.push({ namespace, key, owner });
    if (this.#unreleased.length > MAX_UNRELEASED) this.#unreleased.shift();
  }

  /** Resolves when the store has caught up with what it missed, as far as it takes it. */
  async settle(): Promise<void> {
    while (this.#catchingUp !== undefined) await this.#catchingUp;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.settle();
  }

  async #write(
    namespace: string,
    key: string,
    action: () => Awaitable<boolean>,
  ): Promise<boolean | undefined> {
    const end = this.#missed.isEmpty ? undefined : this.#missed.beginWrite(namespace, key);
    const begun = this.#missed.now();
    const done = await this.#attempt(this.#afterClears(action));
    end?.();
    if (done === undefined) this.#missed.add(namespace, key);
    else if (!this.#missed.isEmpty) this.#missed.remove(namespace, key, begun);
    return done;
  }

  /** The action, after the clears that the store has missed. Without any it must reach the store at once, in its turn among other writes. */
  #afterClears<T>(action: () => Awaitable<T>): () => Awaitable<T> {
    if (!this.#missed.hasClears) return action;
    return async () => {
      await this.#replayClears();
      return action();
    };
  }

  /** Runs a write to the store; undefined if the store cannot be used, or fails. Never rejects. */
  async #attempt<T>(action: () => Awaitable<T>): Promise<T | undefined> {
    const { usable, breaker, onFailure } = this.#options;
    const opened = usable();
    if (!(opened instanceof Promise ? await opened : opened) || breaker.isPaused) return undefined;
    try {
      const result = await action();
      breaker.succeeded();
      this.#catchUp();
      return result;
    } catch (error) {
      onFailure(error);
      return undefined;
    }
  }

  async #replayClears(): Promise<void> {
    if (this.#missed.hasClears) await this.#missed.replayClears(this.#options.store);
  }

  /** Not awaited: after an outage there may be thousands of keys to delete. */
  #catchUp(): void {
    if (this.#missed.isEmpty && this.#unreleased.length === 0) return;
    this.#catchingUp ??= this.#tellWhatWasMissed().finally(() => {
      this.#catchingUp = undefined;
    });
  }

  async #tellWhatWasMissed(): Promise<void> {
    const { store, onFailure, breaker } = this.#options;
    const leases = this.#unreleased;
    this.#unreleased = [];
    try {
      // First, because others wait for them. If this fails, the leases expire by themselves.
      await Promise.all(
        leases.map(async (lease) => store.release?.(lease.namespace, lease.key, lease.owner)),
      );
      await this.#replayClears();
      await this.#missed.replayKeys(store, () => !this.#isClosed && !breaker.isPaused);
    } catch (error) {
      onFailure(error);
    }
  }
}
