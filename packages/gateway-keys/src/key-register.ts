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
  /** A key has come or gone. */
  readonly onChange: () => void;
}

/** A secret that nobody knows may have been made a moment ago: a file is looked at for it, but not for each of many guesses, ms. */
const urgentEveryMs = 10;

/**
 * The keys of one store, known in memory. A store on this machine is looked at when somebody asks, so that what another process has
 * changed is seen at once after any pause. A shared one is looked at by a timer: no request waits for it, and while it is away what
 * is known stays true.
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
   * Why it cannot be said which keys there are: the file cannot be read, or the shared store was never reached. `undefined`: what is
   * known is as good as it can be. `isUrgent`: a file is looked at now, if it was not just before.
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
        // Kept as the failure: also a file that cannot be read is not tried by every request.
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

  /** Adds keys or revokes them, and knows it at once. */
  async put(keys: readonly StoredKey[]): Promise<void> {
    try {
      await this.store.put(keys);
      for (const key of keys) if (this.known.take(key)) this.#onChange();
    } catch (error) {
      throw this.#wrap(error);
    }
    // Takes what others have changed meanwhile, too.
    await this.look();
  }

  /** All keys as the store has them now. */
  async all(): Promise<readonly StoredKey[]> {
    try {
      const changes = await this.store.changes();
      if (changes === undefined) return [];
      // A file tells what is new once. A shared store that has lost something is told so by the timer.
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
        // It was emptied, as by a restart without a disk: it is told what is known here, and in doubt a key stays.
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
      // The file was deleted or replaced: what was known of it is no longer true.
      if (this.#version !== undefined) this.budgets.forget();
      this.known = new KnownKeys();
      this.#onChange();
    }
    let changed = false;
    for (const key of keys) changed = this.known.take(key) || changed;
    if (changed) this.#onChange();
    this.#version = version;
  }

  /** The timer does not keep the process alive. */
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
    // Of a file that cannot be read nothing is known any more.
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
