import { CacheError } from './cache-error.js';
import type { TierState, TierStats } from './cache-types.js';
import type { Clock } from './clock.js';
import type { Awaitable, Store, StoreEntry, StoreSummary } from './store.js';

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** Failures in a row after which the tier is left alone for a while. */
const FAILURES_TO_PAUSE = 3;

/** What a lookup in one tier came to. */
export type TierAnswer = StoreEntry<Uint8Array> | 'absent' | 'corrupt' | 'unavailable';

/**
 * A store with a failure policy: whatever it does, the cache goes on. A store that cannot be opened or keeps failing is left
 * alone for a pause that doubles up to a minute, then tried again.
 */
export class Tier {
  readonly store: Store<Uint8Array>;
  readonly #clock: Clock;
  #state: TierState = 'idle';
  #reason: string | undefined;
  #opening: Promise<boolean> | undefined;
  #failuresInARow = 0;
  #pauses = 0;
  #pausedUntil = 0;
  #hits = 0;
  #misses = 0;
  #sets = 0;
  #deletes = 0;
  #errors = 0;

  constructor(store: Store<Uint8Array>, clock: Clock) {
    this.store = store;
    this.#clock = clock;
  }

  get name(): string {
    return this.store.name;
  }

  /** True when the store can be asked now; a promise while it opens. Never rejects. */
  usable(): Awaitable<boolean> {
    if (this.#state === 'ready') return true;
    if (this.#state === 'closed') return false;
    if (this.#state === 'unavailable' && this.#clock.now() < this.#pausedUntil) return false;
    this.#opening ??= this.#open();
    return this.#opening;
  }

  get(namespace: string, key: string): Awaitable<TierAnswer> {
    const usable = this.usable();
    if (usable === true) return this.#get(namespace, key);
    if (usable === false) return 'unavailable';
    return usable.then((opened) => (opened ? this.#get(namespace, key) : 'unavailable'));
  }

  /** Resolves when it is written or the failure is counted. */
  async set(namespace: string, key: string, entry: StoreEntry<Uint8Array>, since?: number): Promise<void> {
    await this.#attempt(async () => {
      await this.store.set(namespace, key, entry, since === undefined ? undefined : { since });
      this.#sets += 1;
    });
  }

  async delete(namespace: string, key: string): Promise<boolean> {
    const deleted = await this.#attempt(async () => {
      const found = await this.store.delete(namespace, key);
      this.#deletes += 1;
      return found;
    });
    return deleted ?? false;
  }

  async clear(namespace: string, tag: string | undefined): Promise<void> {
    await this.#attempt(async () => this.store.clear(namespace, tag));
  }

  /** Undefined when the store cannot be asked. */
  async sequence(): Promise<number | undefined> {
    return this.#attempt(async () => this.store.sequence());
  }

  async *entries(namespace: string): AsyncIterable<StoreSummary> {
    if (!(await this.usable())) return;
    try {
      yield* this.store.entries(namespace);
    } catch (error) {
      this.#failed(error);
    }
  }

  async flush(): Promise<void> {
    if (this.#state === 'ready') await this.#attempt(async () => this.store.flush());
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    try {
      await this.#opening;
      await this.store.close();
    } catch (error) {
      this.#errors += 1;
      this.#reason = describe(error);
    }
  }

  stats(): TierStats {
    const counters = { hits: this.#hits, misses: this.#misses, sets: this.#sets, deletes: this.#deletes };
    const { notice, ...stored } = this.store.stats();
    const reason = this.#reason ?? notice;
    const why = reason === undefined ? {} : { reason };
    return { name: this.name, state: this.#state, ...why, ...counters, errors: this.#errors, ...stored };
  }

  #get(namespace: string, key: string): Awaitable<TierAnswer> {
    try {
      const found = this.store.get(namespace, key);
      if (found instanceof Promise) {
        return found.then(
          (entry) => this.#answer(entry),
          (error: unknown) => this.#failedGet(error),
        );
      }
      return this.#answer(found);
    } catch (error) {
      return this.#failedGet(error);
    }
  }

  #answer(entry: StoreEntry<Uint8Array> | undefined): TierAnswer {
    this.#failuresInARow = 0;
    if (entry === undefined) {
      this.#misses += 1;
      return 'absent';
    }
    this.#hits += 1;
    return entry;
  }

  #failedGet(error: unknown): TierAnswer {
    if (CacheError.isInstance(error) && error.code === 'CACHE_ENTRY_CORRUPT') {
      this.#misses += 1;
      return 'corrupt';
    }
    this.#failed(error);
    return 'unavailable';
  }

  async #attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
    if (!(await this.usable())) return undefined;
    try {
      const result = await action();
      this.#failuresInARow = 0;
      return result;
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  async #open(): Promise<boolean> {
    this.#state = 'opening';
    try {
      await this.store.open();
      if (this.#isClosed()) return false;
      this.#state = 'ready';
      this.#pauses = 0;
      this.#failuresInARow = 0;
      return true;
    } catch (error) {
      this.#errors += 1;
      this.#pause(error);
      return false;
    } finally {
      this.#opening = undefined;
    }
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #failed(error: unknown): void {
    this.#errors += 1;
    this.#failuresInARow += 1;
    this.#reason = describe(error);
    if (this.#failuresInARow >= FAILURES_TO_PAUSE) this.#pause(error);
  }

  #pause(error: unknown): void {
    if (this.#isClosed()) return;
    this.#state = 'unavailable';
    this.#reason = describe(error);
    this.#pausedUntil = this.#clock.now() + Math.min(FIRST_PAUSE_MS * 2 ** this.#pauses, LONGEST_PAUSE_MS);
    this.#pauses += 1;
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return `${error.message}${cause}`;
}
