import type { Budgets } from './budgets.js';
import { KeysError } from './errors.js';
import type { KeyChanges, KeyStore, KeyVersion, StoredKey } from './key-store.js';
import { KnownKeys } from './known-keys.js';
import { unavailable } from './refusals.js';

interface KeyRegisterOptions {
  readonly store: KeyStore;
  readonly budgets: Budgets;
  /** How often to look for changes, ms. */
  readonly lookEveryMs: number;
  /** Called when what is known of the keys has changed. */
  readonly onChange: () => void;
}

/**
 * The key of an unknown secret may have been created a moment ago, so the file is checked for it; but only once in this time, ms, however
 * many guesses come.
 */
const urgentEveryMs = 10;

/**
 * The keys of one store, kept in memory. A store on this machine is checked when somebody asks, so that changes by other processes are seen
 * at once after any pause. A shared store is polled by a timer: no request waits for it, and while it is down what is known stays valid.
 */
export class KeyRegister {
  readonly store: KeyStore;
  readonly budgets: Budgets;
  known: KnownKeys = new KnownKeys();
  readonly #lookEveryMs: number;
  readonly #onChange: () => void;
  #version: KeyVersion | undefined;
  #failure: KeysError | undefined;
  #lookAt = Number.NEGATIVE_INFINITY;
  #urgentAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> | undefined;
  #closed = false;

  constructor({ store, budgets, lookEveryMs, onChange }: KeyRegisterOptions) {
    this.store = store;
    this.budgets = budgets;
    this.#lookEveryMs = lookEveryMs;
    this.#onChange = onChange;
  }

  /**
   * Why it cannot be said which keys there are: the file cannot be read, or the shared store was never reached. `undefined` if what is
   * known is as good as it can be. `isUrgent`: checks a file now, unless it was checked just before.
   */
  problem(isUrgent = false): KeysError | undefined {
    if (this.store.isShared) {
      this.#follow();
      return this.#version === undefined ? (this.#failure ?? this.#unavailable('not asked yet')) : undefined;
    }
    const now = performance.now();
    if (now >= this.#lookAt || (isUrgent && now >= this.#urgentAt)) {
      this.#lookAt = now + this.#lookEveryMs;
      this.#urgentAt = now + urgentEveryMs;
      try {
        void this.look();
      } catch {
        // Kept as the failure, so that not every request tries a file that cannot be read.
      }
    }
    return this.#failure;
  }

  /** Brings what is known up to date. Throws, or rejects with, a `KeysError`. */
  look(): Promise<void> | undefined {
    this.#follow();
    if (!this.store.isShared) {
      try {
        const changes = this.store.changes(this.#version);
        if (changes !== undefined && !(changes instanceof Promise)) this.#take(changes);
        this.#failure = undefined;
        return undefined;
      } catch (error) {
        throw this.#fail(error);
      }
    }
    this.#looking ??= this.#ask().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  /** Adds or revokes keys, in the store and in memory. */
  async put(keys: readonly StoredKey[]): Promise<void> {
    try {
      await this.store.put(keys);
      for (const key of keys) if (this.known.take(key)) this.#onChange();
    } catch (error) {
      throw this.#wrap(error);
    }
    // Also picks up what others have changed meanwhile.
    await this.look();
  }

  /** All keys as the store has them now. */
  async all(): Promise<readonly StoredKey[]> {
    try {
      const changes = await this.store.changes();
      if (changes === undefined) return [];
      // A file reports changes only once. A shared store that has lost keys gets them back by the timer.
      if (!this.store.isShared) this.#take(changes);
      return changes.keys;
    } catch (error) {
      throw this.#wrap(error);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#looking?.catch(() => undefined);
    await this.budgets.close();
    await this.store.close();
  }

  async #ask(): Promise<void> {
    try {
      const since = this.#version;
      const changes = await this.store.changes(since);
      if (changes !== undefined) {
        // The store was emptied, for example by a restart without persistence: it gets back what is known here, and in doubt a key stays.
        const lost = changes.isWhole && since !== undefined ? this.known.missingIn(changes.keys) : [];
        this.#take(changes);
        if (lost.length > 0) await this.store.put(lost);
      }
      this.#failure = undefined;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  #take({ version, keys, isWhole }: KeyChanges): void {
    if (isWhole && !this.store.isShared && version.epoch !== this.#version?.epoch) {
      // The file was deleted or replaced: what was known of it no longer holds.
      if (this.#version !== undefined) this.budgets.forget();
      this.known = new KnownKeys();
      this.#onChange();
    }
    let changed = false;
    for (const key of keys) changed = this.known.take(key) || changed;
    if (changed) this.#onChange();
    this.#version = version;
  }

  /** Polls with a timer that does not keep the process alive. */
  #follow(): void {
    if (!this.store.isShared || this.#closed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const again = (): void => this.#follow();
      this.look()?.then(again, again);
    }, this.#lookEveryMs).unref();
  }

  #fail(error: unknown): KeysError {
    this.#failure = this.#wrap(error);
    // Nothing is known any more of a file that cannot be read.
    if (!this.store.isShared) this.#onChange();
    return this.#failure;
  }

  #wrap(error: unknown): KeysError {
    return KeysError.isInstance(error) ? error : this.#unavailable(error);
  }

  #unavailable(cause: unknown): KeysError {
    return unavailable(this.store, cause);
  }
}
