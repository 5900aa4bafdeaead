import { CacheError } from '../cache-error.js';
import { checkNames, show } from '../check.js';
import { type Clock, systemClock } from '../clock.js';
import type { Store, StoreEntry, StoreSetOptions, StoreStats, StoreSummary } from '../store.js';
import { bounded } from './bounded.js';
import { KeyQueue } from './key-queue.js';
import { KeyvBackend } from './keyv-backend.js';
import { damaged, failed, late } from './keyv-errors.js';
import { KeyvKeys } from './keyv-keys.js';
import type { KeyvStoreLike } from './keyv-store-like.js';
import { KeyvTable } from './keyv-table.js';

export interface KeyvStoreOptions {
  /** Names the tier in results and statistics. Default `keyv`. */
  readonly name?: string;
  /** Prefix of every key in the Keyv store; caches that are to share entries use the same. Default `core-cache`. */
  readonly prefix?: string;
  /** Milliseconds after which a call to the Keyv store counts as failed. Default 1,000. */
  readonly timeoutMs?: number;
  /** Whether `close` disconnects the Keyv store. Default true. */
  readonly disconnectOnClose?: boolean;
  /** Default: the wall clock. */
  readonly clock?: Clock;
}

const DEFAULT_TIMEOUT_MS = 1000;
/**
 * How many time limits a call may take before the next one for its key goes ahead. Whoever made it has long been told that it failed, but if
 * it still takes effect, it does so out of order.
 */
const PATIENCE = 10;

const known: Record<keyof KeyvStoreOptions, true> = {
  name: true,
  prefix: true,
  timeoutMs: true,
  disconnectOnClose: true,
  clock: true,
};

/**
 * Makes any Keyv store the `shared` tier of a cache. Throws a `TypeError` for anything that is not a Keyv store, a `RangeError` for a time
 * limit that is not above 0.
 */
export function createKeyvStore(keyvStore: KeyvStoreLike, options: KeyvStoreOptions = {}): Store<Uint8Array> {
  return new KeyvStore(keyvStore, options);
}

/** Puts a time limit on every call and turns failures into `CacheError`s; the table decides what is stored and how. */
class KeyvStore implements Store<Uint8Array> {
  readonly name: string;
  readonly #backend: KeyvBackend;
  readonly #queue: KeyQueue = new KeyQueue();
  readonly #keys: KeyvKeys;
  readonly #table: KeyvTable;
  readonly #timeoutMs: number;
  readonly #disconnects: boolean;
  #closing: Promise<void> | undefined;

  constructor(keyvStore: KeyvStoreLike, options: KeyvStoreOptions) {
    checkNames('createKeyvStore', options, known);
    const { timeoutMs = DEFAULT_TIMEOUT_MS, prefix = 'core-cache', clock = systemClock } = options;
    if (typeof timeoutMs !== 'number')
      throw new TypeError(`timeoutMs must be a number, got ${show(timeoutMs)}`);
    if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs must be above 0, got ${timeoutMs}`);
    this.name = options.name ?? 'keyv';
    this.#timeoutMs = timeoutMs;
    this.#disconnects = options.disconnectOnClose ?? true;
    this.#backend = new KeyvBackend(keyvStore, clock, PATIENCE * timeoutMs);
    this.#keys = new KeyvKeys(prefix);
    this.#table = new KeyvTable({ backend: this.#backend, queue: this.#queue, keys: this.#keys, clock });
  }

  async open(): Promise<void> {
    await this.#run(() => this.#backend.read([this.#keys.probe]));
  }

  async get(namespace: string, key: string): Promise<StoreEntry<Uint8Array> | undefined> {
    const found = await this.#run(() => this.#table.get(namespace, key));
    if (found === 'damaged') throw damaged();
    return found;
  }

  async set(
    namespace: string,
    key: string,
    entry: StoreEntry<Uint8Array>,
    options?: StoreSetOptions,
  ): Promise<boolean> {
    return this.#run(() => this.#table.set(namespace, key, entry, options?.since));
  }

  async delete(namespace: string, key: string): Promise<boolean> {
    return this.#run(() => this.#table.delete(namespace, key));
  }

  async clear(namespace: string, tag?: string): Promise<void> {
    await this.#run(() => this.#table.clear(namespace, tag));
  }

  sequence(): number {
    return this.#table.sequence();
  }

  async *entries(namespace: string): AsyncIterable<StoreSummary> {
    await this.flush();
    try {
      yield* this.#table.summaries(namespace);
    } catch (error) {
      throw failed(error);
    }
  }

  stats(): StoreStats {
    const { lastError } = this.#backend;
    const notice = lastError === undefined ? {} : { notice: `The Keyv store reported: ${String(lastError)}` };
    return { ...this.#table.stats(), maxBytes: Number.POSITIVE_INFINITY, evictions: 0, ...notice };
  }

  async flush(): Promise<void> {
    await this.#run(() => this.#queue.idle());
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      await this.#bound(this.#queue.idle());
    } finally {
      await this.#bound(this.#backend.close(this.#disconnects));
    }
  }

  async #run<T>(action: () => Promise<T>): Promise<T> {
    if (this.#closing !== undefined) {
      throw new CacheError('CACHE_CLOSED', 'The Keyv store is closed', {
        hint: 'Create another.',
        retryable: false,
      });
    }
    return this.#bound(action());
  }

  async #bound<T>(work: Promise<T>): Promise<T> {
    try {
      return await bounded(work, this.#timeoutMs, () => late(this.#timeoutMs));
    } catch (error) {
      throw CacheError.isInstance(error) ? error : failed(error);
    }
  }
}
