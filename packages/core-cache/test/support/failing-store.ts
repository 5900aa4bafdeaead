import type { Store, StoreEntry, StoreStats, StoreSummary } from '../../src/index.js';

/** A shared store in a map, whose operations can all be made to fail. */
export class FailingStore implements Store<Uint8Array> {
  readonly name = 'failing';
  readonly error: Error = new Error('out of order');
  fails = false;
  failsToOpen = false;
  calls = 0;
  /** Awaited before reads. */
  beforeGet: () => Promise<void> = async () => {};
  /** Awaited before deletions. */
  beforeDelete: () => Promise<void> = async () => {};
  readonly entriesByKey: Map<string, StoreEntry<Uint8Array>> = new Map();
  #sequence = 0;

  async open(): Promise<void> {
    this.calls += 1;
    if (this.failsToOpen) throw this.error;
  }

  async get(namespace: string, key: string): Promise<StoreEntry<Uint8Array> | undefined> {
    this.#attempt();
    await this.beforeGet();
    return this.entriesByKey.get(`${namespace} ${key}`);
  }

  async set(namespace: string, key: string, entry: StoreEntry<Uint8Array>): Promise<boolean> {
    this.#attempt();
    this.entriesByKey.set(`${namespace} ${key}`, entry);
    return true;
  }

  async delete(namespace: string, key: string): Promise<boolean> {
    this.#attempt();
    await this.beforeDelete();
    return this.entriesByKey.delete(`${namespace} ${key}`);
  }

  async clear(namespace: string): Promise<void> {
    this.#attempt();
    for (const key of this.entriesByKey.keys()) {
      if (key.startsWith(`${namespace} `)) this.entriesByKey.delete(key);
    }
  }

  async sequence(): Promise<number> {
    return this.#sequence;
  }

  async *entries(): AsyncIterable<StoreSummary> {
    this.#attempt();
    yield* [];
  }

  stats(): StoreStats {
    const { size } = this.entriesByKey;
    return { entries: size, bytes: 0, maxBytes: Number.POSITIVE_INFINITY, evictions: 0, corrupt: 0 };
  }

  async flush(): Promise<void> {}

  async close(): Promise<void> {}

  #attempt(): void {
    this.calls += 1;
    this.#sequence += 1;
    if (this.fails) throw this.error;
  }
}
