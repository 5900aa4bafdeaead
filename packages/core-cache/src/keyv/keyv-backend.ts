import type { Clock } from '../clock.js';
import { bounded } from './bounded.js';
import { late } from './keyv-errors.js';
import { checkKeyvStore, type KeyvStoreLike } from './keyv-store-like.js';

/** Hides the differences between Keyv stores, and their surprises. */
export class KeyvBackend {
  readonly #store: KeyvStoreLike;
  readonly #clock: Clock;
  readonly #patienceMs: number;
  #lastError: unknown;

  /** `patienceMs`: a call that has not settled by then counts as failed, so that what is queued behind it gets its turn. */
  constructor(store: KeyvStoreLike, clock: Clock, patienceMs: number) {
    this.#store = checkKeyvStore(store);
    this.#clock = clock;
    this.#patienceMs = patienceMs;
    // An error event without a listener would end the process.
    store.on?.('error', this.#takeNote);
  }

  /** The last error that the store reported outside of any call. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** Results are in the order of the keys. A value that is not text becomes an empty string, which is not a valid record either. */
  async read(keys: readonly string[]): Promise<(string | undefined)[]> {
    const values = await this.#readAll(keys);
    return values.map((value) => {
      if (value === undefined || value === null) return undefined;
      return typeof value === 'string' ? value : '';
    });
  }

  /** `until`: epoch in milliseconds after which the store may drop the entry; `Infinity` for never. Rejects if the store refuses. */
  async write(key: string, text: string, until: number): Promise<void> {
    const answer = await this.#settled(this.#store.set(key, text, this.#lifetime(until)));
    if (answer === false) throw new Error('The Keyv store refused a write');
  }

  async remove(key: string): Promise<void> {
    await this.#settled(this.#store.delete(key));
  }

  /** All pairs of texts in the store, including those of other users. Yields nothing if the store cannot iterate. */
  async *pairs(): AsyncGenerator<readonly [key: string, text: string], void> {
    const { namespace } = this.#store;
    for await (const pair of this.#store.iterator?.(namespace) ?? this.#store.entries?.() ?? []) {
      if (!Array.isArray(pair)) continue;
      const [key, text] = pair as unknown[];
      if (typeof key === 'string' && typeof text === 'string') yield [key, text];
    }
  }

  /** Stops listening; with `disconnect`, ends the store's connection as well. */
  async close(disconnect: boolean): Promise<void> {
    try {
      if (disconnect) await this.#store.disconnect?.();
    } finally {
      this.#store.off?.('error', this.#takeNote);
    }
  }

  async #readAll(keys: readonly string[]): Promise<readonly unknown[]> {
    if (keys.length > 1 && this.#store.getMany !== undefined) {
      const values = await this.#settled(this.#store.getMany([...keys]));
      if (Array.isArray(values) && values.length === keys.length) return values;
    }
    return this.#settled(Promise.all(keys.map((key) => this.#store.get(key))));
  }

  async #settled<T>(answer: T): Promise<Awaited<T>> {
    return bounded(Promise.resolve(answer), this.#patienceMs, () => late(this.#patienceMs));
  }

  #lifetime(until: number): number | undefined {
    if (until === Number.POSITIVE_INFINITY) return undefined;
    if (this.#store.capabilities?.expires === true) return Math.ceil(until);
    return Math.max(1, Math.ceil(until - this.#clock.now()));
  }

  readonly #takeNote = (error: unknown): void => {
    this.#lastError = error;
  };
}
